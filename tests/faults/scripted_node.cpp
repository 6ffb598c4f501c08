// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/scripted_node.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/async/task_group.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace plimsoll::faults {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using async::Task;
using WebSocket = beast::websocket::stream<beast::tcp_stream>;

/// The value behind a key of our own frames, which have no spaces and no nesting before it.
std::string value_of(const std::string& text, const std::string& key) {
    const std::size_t at = text.find('"' + key + "\":");
    if (at == std::string::npos) return {};
    std::size_t begin = at + key.size() + 3;
    if (text[begin] == '"') ++begin;
    return text.substr(begin, text.find_first_of("\",}", begin) - begin);
}

std::string headers_of(const http::request<http::string_body>& request) {
    std::string out;
    for (const auto& field : request)
        out += std::string{field.name_string()} + ": " + std::string{field.value()} + '\n';
    return out;
}

void set_headers(http::response<http::string_body>& response, std::string_view headers) {
    while (!headers.empty()) {
        const std::string_view line = headers.substr(0, headers.find('\n'));
        const std::size_t colon = line.find(": ");
        response.set(std::string{line.substr(0, colon)}, std::string{line.substr(colon + 2)});
        headers.remove_prefix(std::min(line.size() + 1, headers.size()));
    }
}

Asked parse(std::string text, std::string headers) {
    Asked out;
    out.headers = std::move(headers);
    out.method = value_of(text, "method");
    const std::string id = value_of(text, "id");
    if (!id.empty() && id.find_first_not_of("0123456789") == std::string::npos) out.id = std::stoull(id);
    out.text = std::move(text);
    return out;
}

}  // namespace

Step say(std::string text) {
    return Step{Step::Kind::say, std::move(text), 0, {}, {}};
}

Step reply(const Asked& asked, std::string_view result) {
    return say(R"({"jsonrpc":"2.0","id":)" + std::to_string(asked.id) + R"(,"result":)" +
               std::string{result} + "}");
}

Step error(const Asked& asked, int code, std::string_view message) {
    return say(R"({"jsonrpc":"2.0","id":)" + std::to_string(asked.id) + R"(,"error":{"code":)" +
               std::to_string(code) + R"(,"message":")" + std::string{message} + "\"}}");
}

Step status(unsigned status, std::string body, std::string headers) {
    return Step{Step::Kind::status, std::move(body), status, {}, std::move(headers)};
}

Step close(unsigned code, std::string reason) {
    return Step{Step::Kind::close, std::move(reason), code, {}, {}};
}

Step drop() {
    return Step{Step::Kind::drop, {}, 0, {}, {}};
}

Step wait(std::chrono::milliseconds delay) {
    return Step{Step::Kind::wait, {}, 0, delay, {}};
}

struct ScriptedNode::Impl {
    Impl(asio::any_io_executor executor_in, Script script_in)
        : executor{std::move(executor_in)},
          script{std::move(script_in)},
          acceptor{executor, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
          sessions{executor} {}

    Task<void> accept();
    Task<void> serve(tcp::socket socket, std::size_t connection);
    Task<void> serve_ws(std::shared_ptr<WebSocket> stream, std::size_t connection, std::string headers);
    Task<void> say_goodbye(std::shared_ptr<WebSocket> stream, unsigned code, std::string reason);
    Task<void> serve_http(beast::tcp_stream& stream, http::request<http::string_body> first);
    Task<bool> do_ws(WebSocket& stream, Step step);
    Task<bool> do_http(beast::tcp_stream& stream, Step step, bool keep_alive);

    asio::any_io_executor executor;
    Script script;
    tcp::acceptor acceptor;
    async::TaskGroup sessions;
    std::map<std::size_t, std::weak_ptr<WebSocket>> open;  // by connection
    std::vector<Asked> asked;
    std::size_t connections = 0;
    bool frozen = false;
    bool refused = false;
};

Task<void> ScriptedNode::Impl::accept() {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(async::use_task);
        if (refused) continue;  // and gone
        sessions.spawn(serve(std::move(socket), ++connections));
    }
}

Task<void> ScriptedNode::Impl::serve(tcp::socket socket, std::size_t connection) {
    socket.set_option(
        tcp::no_delay{true});  // or a second message waits for the first one's delayed acknowledgement
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    auto [error, size] = co_await http::async_read(stream, buffer, request, async::use_tuple);
    if (error) co_return;
    if (!beast::websocket::is_upgrade(request)) {
        co_await serve_http(stream, std::move(request));
        co_return;
    }
    auto websocket = std::make_shared<WebSocket>(std::move(stream));
    auto [failure] = co_await websocket->async_accept(request, async::use_tuple);
    if (failure) co_return;
    open[connection] = websocket;
    co_await serve_ws(std::move(websocket), connection, headers_of(request));
    open.erase(connection);
}

Task<void> ScriptedNode::Impl::serve_ws(std::shared_ptr<WebSocket> stream, std::size_t connection,
                                        std::string headers) {
    for (;;) {
        while (frozen)
            co_await async::sleep_for(std::chrono::milliseconds{5});
        beast::flat_buffer buffer;
        auto [error, size] = co_await stream->async_read(buffer, async::use_tuple);
        if (error) co_return;
        while (frozen)
            co_await async::sleep_for(std::chrono::milliseconds{5});
        asked.push_back(parse(beast::buffers_to_string(buffer.data()), headers));
        asked.back().connection = connection;
        for (Step& step : script(asked.back())) {
            if (!open.contains(connection)) break;  // it is being closed
            const bool goes_on = co_await do_ws(*stream, std::move(step));
            if (!goes_on) co_return;
        }
    }
}

/// False when the connection is over.
Task<bool> ScriptedNode::Impl::do_ws(WebSocket& stream, Step step) {
    beast::error_code ignored;
    switch (step.kind) {
        case Step::Kind::say:
        case Step::Kind::status:
            stream.write(asio::buffer(step.text), ignored);
            co_return !ignored;
        case Step::Kind::close: {
            const beast::websocket::close_reason reason{
                static_cast<beast::websocket::close_code>(step.number), step.text};
            static_cast<void>(co_await stream.async_close(reason, async::use_tuple));
            co_return false;
        }
        case Step::Kind::drop:
            beast::get_lowest_layer(stream).close();
            co_return false;
        case Step::Kind::wait:
            co_await async::sleep_for(step.delay);
            co_return true;
    }
    co_return false;
}

Task<void> ScriptedNode::Impl::serve_http(beast::tcp_stream& stream,
                                          http::request<http::string_body> request) {
    beast::flat_buffer buffer;
    for (;;) {
        asked.push_back(parse(request.body(), headers_of(request)));
        for (Step& step : script(asked.back())) {
            const bool goes_on = co_await do_http(stream, std::move(step), request.keep_alive());
            if (!goes_on) co_return;
        }
        request = {};
        auto [error, size] = co_await http::async_read(stream, buffer, request, async::use_tuple);
        if (error) co_return;
    }
}

Task<bool> ScriptedNode::Impl::do_http(beast::tcp_stream& stream, Step step, bool keep_alive) {
    if (step.kind == Step::Kind::wait) {
        co_await async::sleep_for(step.delay);
        co_return true;
    }
    if (step.kind == Step::Kind::drop || step.kind == Step::Kind::close) {
        stream.close();
        co_return false;
    }
    http::response<http::string_body> response;
    response.result(step.kind == Step::Kind::status ? step.number : 200U);
    response.set(http::field::content_type, step.text.starts_with('<') ? "text/html" : "application/json");
    response.keep_alive(keep_alive);
    set_headers(response, step.headers);
    response.body() = std::move(step.text);
    response.prepare_payload();
    auto [error, size] = co_await http::async_write(stream, response, async::use_tuple);
    co_return !error;
}

ScriptedNode::ScriptedNode(asio::any_io_executor executor, Script script)
    : impl_{std::make_unique<Impl>(std::move(executor), std::move(script))} {}

ScriptedNode::~ScriptedNode() = default;

Task<void> ScriptedNode::run() {
    co_await async::all_of(impl_->accept(), impl_->sessions.run());
}

Task<void> ScriptedNode::Impl::say_goodbye(std::shared_ptr<WebSocket> stream, unsigned code,
                                           std::string reason) {
    const beast::websocket::close_reason why{static_cast<beast::websocket::close_code>(code), reason};
    static_cast<void>(co_await stream->async_close(why, async::use_tuple));
}

void ScriptedNode::tell(std::string_view text) {
    for (const auto& [connection, weak] : impl_->open) {
        beast::error_code ignored;
        if (const auto stream = weak.lock()) stream->write(asio::buffer(text), ignored);
    }
}

void ScriptedNode::tell(std::size_t connection, std::string_view text) {
    const auto found = impl_->open.find(connection);
    if (found == impl_->open.end()) return;
    beast::error_code ignored;
    if (const auto stream = found->second.lock()) stream->write(asio::buffer(text), ignored);
}

void ScriptedNode::freeze(bool frozen) {
    impl_->frozen = frozen;
}

void ScriptedNode::cut() {
    for (const auto& [connection, weak] : impl_->open) {
        if (const auto stream = weak.lock()) beast::get_lowest_layer(*stream).close();
    }
}

void ScriptedNode::hang_up(unsigned code, const std::string& reason) {
    // A stream can be closed once, and nothing may be written meanwhile.
    for (const auto& [connection, weak] : std::exchange(impl_->open, {})) {
        if (auto stream = weak.lock())
            impl_->sessions.spawn(impl_->say_goodbye(std::move(stream), code, reason));
    }
}

bool ScriptedNode::is_open(std::size_t connection) const {
    return impl_->open.contains(connection);
}

void ScriptedNode::refuse(bool refused) {
    impl_->refused = refused;
}

std::string ScriptedNode::ws_url() const {
    return "ws://127.0.0.1:" + std::to_string(impl_->acceptor.local_endpoint().port());
}

std::string ScriptedNode::http_url() const {
    return "http://127.0.0.1:" + std::to_string(impl_->acceptor.local_endpoint().port());
}

std::size_t ScriptedNode::connections() const noexcept {
    return impl_->connections;
}

const std::vector<Asked>& ScriptedNode::asked() const noexcept {
    return impl_->asked;
}

}  // namespace plimsoll::faults
