// SPDX-License-Identifier: Apache-2.0
// What every node in a benchmark does with the one WebSocket that is opened to it. How it waits is its own.
#pragma once

#include "tests/bench/websocket.hpp"

#include <string>
#include <string_view>

namespace plimsoll::bench {

/// A port of 127.0.0.1, and whoever connects to it.
class NodeSocket {
  public:
    /// Throws if there is no port.
    NodeSocket();
    ~NodeSocket();
    NodeSocket(const NodeSocket&) = delete;
    NodeSocket& operator=(const NodeSocket&) = delete;

    /// 127.0.0.1:port
    [[nodiscard]] std::string where() const { return "127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int listener() const noexcept { return listener_; }
    /// Takes the one who waits, who is not kept waiting for small packets.
    void accept();
    [[nodiscard]] int peer() const noexcept { return peer_; }
    /// False: the connection is gone.
    [[nodiscard]] bool send(std::string_view bytes) const;

  private:
    int listener_ = -1;
    int peer_ = -1;
    unsigned port_ = 0;
};

/// The end of a request without a body.
inline constexpr std::string_view kEndOfRequest = "\r\n\r\n";
/// The answer to a client's request to speak WebSocket. Throws if it is none.
[[nodiscard]] std::string greeting(std::string_view request);
/// Appends an unmasked text frame; no text here is longer than two bytes can tell.
void append_text_frame(std::string& out, std::string_view text);
/// The text of a frame at `begin`, unmasked where it lies.
[[nodiscard]] std::string_view unmasked(char* begin, const ClientFrame& frame);

}  // namespace plimsoll::bench
