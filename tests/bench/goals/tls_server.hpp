// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace plimsoll::bench {

/// The server's side of TLS on one connection, which must not block: nothing here sleeps.
class TlsServer {
  public:
    /// Makes certificates, if nobody did before.
    TlsServer();

    /// Whom a client is to believe: a PEM file.
    [[nodiscard]] static std::string ca_file();
    /// Shakes hands on this socket. Throws if that fails.
    void accept(int socket);
    /// As recv: -1 and EAGAIN if there is nothing yet.
    [[nodiscard]] ssize_t receive(char* into, std::size_t most);
    /// Throws if the connection is gone.
    void send(std::string_view bytes);

  private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept;
        void operator()(SSL* connection) const noexcept;
    };
    /// Whether the same has to be tried again.
    [[nodiscard]] bool unready(int result) const;

    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> connection_;
};

}  // namespace plimsoll::bench
