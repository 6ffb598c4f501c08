// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::faults {

/// What a client asked.
struct Asked {
    std::string text;
    std::string method;
    std::uint64_t id{};        // 0 if there is none
    std::size_t connection{};  // of the node, from 1
    std::string headers;  // of the HTTP request, or of the one that asked for the WebSocket: "Name: value\n"
};

/// One thing the node does about it.
struct Step {
    enum class Kind {
        say,     // a WebSocket message, or the body of the HTTP response
        status,  // the HTTP response has this status and body
        close,   // a WebSocket close frame with this code and reason
        drop,    // the connection is gone without a word
        wait,    // nothing, for a while
    };
    Kind kind{};
    std::string text{};
    unsigned number{};  // status, or close code
    std::chrono::milliseconds delay{};
    std::string headers{};  // more fields of the HTTP response: "Name: value\n"
};

[[nodiscard]] Step say(std::string text);
/// The well-formed reply to a request, with this JSON as its result.
[[nodiscard]] Step reply(const Asked& asked, std::string_view result);
[[nodiscard]] Step error(const Asked& asked, int code, std::string_view message);
[[nodiscard]] Step status(unsigned status, std::string body, std::string headers = {});
[[nodiscard]] Step close(unsigned code, std::string reason);
[[nodiscard]] Step drop();
[[nodiscard]] Step wait(std::chrono::milliseconds delay);

/// A node that says what its script says, over ws and http on one port of 127.0.0.1: what no real node can be
/// asked to do. It lives on the caller's event loop.
class ScriptedNode {
  public:
    using Script = std::function<std::vector<Step>(const Asked&)>;

    ScriptedNode(async::asio::any_io_executor executor, Script script);
    ScriptedNode(const ScriptedNode&) = delete;
    ScriptedNode& operator=(const ScriptedNode&) = delete;
    ~ScriptedNode();

    /// Serves until cancelled.
    async::Task<void> run();
    /// Says something unasked on every open WebSocket.
    void tell(std::string_view text);
    /// On one of them, if it is still open.
    void tell(std::size_t connection, std::string_view text);
    /// Accepts no more bytes and answers no ping, but keeps the sockets; or does so again.
    void freeze(bool frozen = true);
    /// All open WebSockets are gone without a word.
    void cut();
    /// They are closed with this code and reason.
    void hang_up(unsigned code, const std::string& reason);
    /// Whether this connection is an open WebSocket.
    [[nodiscard]] bool is_open(std::size_t connection) const;
    /// New connections are dropped; or taken again.
    void refuse(bool refused);

    [[nodiscard]] std::string ws_url() const;
    [[nodiscard]] std::string http_url() const;
    [[nodiscard]] std::size_t connections() const noexcept;
    [[nodiscard]] const std::vector<Asked>& asked() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::faults
