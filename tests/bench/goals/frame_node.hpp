// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::bench {

/// A node that says what it is told to on one WebSocket, and waits for what comes back: whoever is connected
/// is measured from its side. Nothing of it runs beside the caller.
class FrameNode {
  public:
    /// `spin`: it never sleeps while it waits for the peer's bytes.
    explicit FrameNode(bool spin = false);
    ~FrameNode();
    FrameNode(const FrameNode&) = delete;
    FrameNode& operator=(const FrameNode&) = delete;

    [[nodiscard]] std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_); }
    /// Waits for the one that connects. Throws if nobody does within a minute.
    void accept();
    /// One text frame.
    void say(std::string_view text);
    /// The next text frame. Throws if none comes within a minute.
    [[nodiscard]] std::string hear();

  private:
    void receive();

    bool spin_;
    int listener_ = -1;
    int peer_ = -1;
    unsigned port_ = 0;
    std::string input_;
};

}  // namespace plimsoll::bench
