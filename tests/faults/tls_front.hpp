// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace plimsoll::faults {

/// How a TLS server behaves.
struct TlsBehaviour {
    std::string certificate = "good";  // of certificates()
    enum class Handshake : std::uint8_t {
        proper,
        silent,    // takes the connection and never answers
        hang_up,   // closes in the middle
        outdated,  // speaks TLS 1.1 at most
        plain,     // answers in clear text
    } handshake = Handshake::proper;
};

/// A TLS server on a port of 127.0.0.1 that passes on what it hears to a port in clear text. Lives on the
/// caller's event loop.
class TlsFront {
  public:
    TlsFront(async::asio::any_io_executor executor, std::uint16_t target, const TlsBehaviour& behaviour);
    TlsFront(const TlsFront&) = delete;
    TlsFront& operator=(const TlsFront&) = delete;
    ~TlsFront();

    /// Serves until cancelled.
    async::Task<void> run();
    [[nodiscard]] std::uint16_t port() const;
    /// Handshakes that were completed.
    [[nodiscard]] std::size_t sessions() const noexcept;
    /// The server's name that the last client asked for (SNI).
    [[nodiscard]] const std::string& asked_name() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::faults
