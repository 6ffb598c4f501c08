// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/goals/tls_server.hpp"
#include "tests/bench/node_socket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::bench {

/// How a node waits for its peer's bytes: asleep, or not; and in TLS.
enum class Waits { asleep, spinning, spinning_in_tls };

/// A node that says what it is told to on one WebSocket, and waits for what comes back: whoever is connected
/// is measured from its side. Nothing of it runs beside the caller.
class FrameNode {
  public:
    explicit FrameNode(Waits waits = Waits::asleep);

    [[nodiscard]] std::string url() const { return (tls_ ? "wss://" : "ws://") + socket_.where(); }
    /// Waits for the one that connects. Throws if nobody does within a minute.
    void accept();
    /// One text frame.
    void say(std::string_view text);
    /// The next text frame. Throws if none comes within a minute.
    [[nodiscard]] std::string hear();

  private:
    void receive();
    void send(std::string_view bytes);

    bool spin_;
    NodeSocket socket_;
    std::optional<TlsServer> tls_;
    std::string input_;
};

}  // namespace plimsoll::bench
