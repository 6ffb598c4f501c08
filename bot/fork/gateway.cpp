// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/gateway.hpp"

#include "bot/fork/read_methods.hpp"
#include "chain/async/all_of.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace plimsoll::bot {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using asio::ip::tcp;

constexpr std::uint64_t kMaxBody = std::uint64_t{4} << 20U;
constexpr int kInvalidRequest = -32600;  // JSON-RPC 2.0, section 5.1
constexpr int kMethodNotFound = -32601;
constexpr int kServerError = -32000;

/// A request to be passed on: its own id, as JSON text, comes back with the answer.
struct PassedRequest {
    std::string id;
    std::string method;
    std::string params;
};

std::optional<PassedRequest> parse_request(const std::string& body) {
    boost::system::error_code bad;
    const json::value message = json::parse(body, bad);
    const json::object* const object = bad ? nullptr : message.if_object();
    if (object == nullptr) return std::nullopt;
    const json::value* const method = object->if_contains("method");
    if (method == nullptr || !method->is_string()) return std::nullopt;
    PassedRequest out{"null", std::string{method->get_string()}, "[]"};
    if (const json::value* const id = object->if_contains("id")) out.id = json::serialize(*id);
    const json::value* const params = object->if_contains("params");
    if (params != nullptr && params->is_array()) out.params = json::serialize(*params);
    return out;
}

std::string answer_text(const std::string& id, std::string_view member, const std::string& body) {
    return R"({"jsonrpc":"2.0","id":)" + id + ",\"" + std::string{member} + "\":" + body + "}";
}

std::string error_text(const std::string& id, int code, const std::string& message) {
    json::object error;
    error["code"] = code;
    error["message"] = message;
    return answer_text(id, "error", json::serialize(error));
}

}  // namespace

struct Gateway::Server {
    explicit Server(asio::any_io_executor executor) : acceptor{std::move(executor)} {}
    tcp::acceptor acceptor;

    static async::Task<void> serve(Gateway& gateway, tcp::socket socket);
};

Gateway::Gateway(asio::any_io_executor executor, rpc::TransportParams origin)
    : origin_{executor, std::move(origin)},
      sessions_{executor},
      server_{std::make_unique<Server>(executor)} {}

Gateway::~Gateway() = default;

Result<void> Gateway::listen() {
    boost::system::error_code failed;
    tcp::acceptor& acceptor = server_->acceptor;
    acceptor.open(tcp::v4(), failed);
    if (!failed) acceptor.bind(tcp::endpoint{asio::ip::address_v4::loopback(), 0}, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return fail(Errc::refused, "no port of 127.0.0.1 can be opened: " + failed.message());
    url_ = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
    return {};
}

async::Task<void> Gateway::run() {
    co_await async::all_of(accept(), sessions_.run());
}

async::Task<void> Gateway::accept() {
    for (;;) {
        tcp::socket socket{server_->acceptor.get_executor()};
        const auto [failed] = co_await server_->acceptor.async_accept(socket, async::use_tuple);
        if (!failed) sessions_.spawn(Server::serve(*this, std::move(socket)));
    }
}

async::Task<void> Gateway::Server::serve(Gateway& gateway, tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(kMaxBody);
        const auto [unread, size] = co_await http::async_read(socket, buffer, parser, async::use_tuple);
        if (unread) co_return;
        const bool keep_alive = parser.get().keep_alive();
        std::string body = std::move(parser.get().body());
        std::string answer = co_await gateway.reply_to(std::move(body));
        http::response<http::string_body> response{http::status::ok, 11};
        response.set(http::field::content_type, "application/json");
        response.keep_alive(keep_alive);
        response.body() = std::move(answer);
        response.prepare_payload();
        const auto [unsent, written] = co_await http::async_write(socket, response, async::use_tuple);
        if (unsent || !keep_alive) co_return;
    }
}

async::Task<std::string> Gateway::reply_to(std::string body) {
    const std::optional<PassedRequest> request = parse_request(body);
    if (!request) {
        ++refused_;
        co_return error_text("null", kInvalidRequest, "one JSON-RPC request at a time");
    }
    if (!is_read_method(request->method)) {
        ++refused_;
        const std::string name = rpc::printable(request->method, 64);
        co_return error_text(request->id, kMethodNotFound, name + " is no read: not passed on to the origin");
    }
    ++passed_[request->method];
    const Result<JsonRpc::Reply> reply = co_await origin_.ask(request->method, request->params);
    if (!reply) co_return error_text(request->id, kServerError, reply.error().context);
    const std::string_view member = reply->failed ? "error" : "result";
    co_return answer_text(request->id, member, reply->body);
}

}  // namespace plimsoll::bot
