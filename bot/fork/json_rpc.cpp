// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/json_rpc.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace plimsoll::bot {

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

}  // namespace

JsonRpc::JsonRpc(boost::asio::any_io_executor executor, rpc::TransportParams params)
    : executor_{std::move(executor)},
      params_{std::move(params)},
      name_{rpc::to_string(params_.url)},
      changed_{executor_} {}

JsonRpc::~JsonRpc() {
    close();
}

void JsonRpc::close() {
    if (transport_) transport_->close();
    transport_.reset();
    open_ = false;
}

async::Task<Result<void>> JsonRpc::connected() {
    if (open_) co_return Result<void>{};
    if (!transport_) {
        failure_.reset();
        transport_ = rpc::make_transport(executor_, params_);
        transport_->open(*this);
    }
    const auto deadline = Clock::now() + params_.connect_timeout;
    while (!open_ && !failure_ && Clock::now() < deadline)
        co_await changed_.wait_until(deadline);
    if (open_) co_return Result<void>{};
    if (failure_) co_return tl::make_unexpected(*failure_);
    co_return fail(Errc::timed_out, name_ + ": no connection");
}

async::Task<Result<JsonRpc::Reply>> JsonRpc::ask(std::string method, std::string params) {
    PLIMSOLL_CO_CHECK(co_await connected());
    const rpc::RequestId id = ++last_;
    std::string frame = R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
                        R"(","params":)" + params + "}";
    asked_.emplace(id, Slot{});
    transport_->send(std::move(frame), id);
    const auto deadline = Clock::now() + params_.request_timeout;
    while (!asked_[id] && Clock::now() < deadline)
        co_await changed_.wait_until(deadline);
    Slot slot = std::move(asked_[id]);
    asked_.erase(id);
    if (slot) co_return *std::move(slot);
    co_return fail(Errc::timed_out, method + " at " + name_ + ": no answer");
}

async::Task<Result<std::string>> JsonRpc::result(std::string method, std::string params) {
    PLIMSOLL_CO_TRY(Reply reply, co_await ask(method, std::move(params)));
    if (!reply.failed) co_return std::move(reply.body);
    co_return fail(Errc::rpc_rejected, method + " at " + name_ + ": " + rpc::printable(reply.body, 512));
}

void JsonRpc::settle(rpc::RequestId id, Result<Reply> reply) {
    const auto found = asked_.find(id);
    if (found == asked_.end() || found->second) return;
    found->second = std::move(reply);
    changed_.notify_all();
}

void JsonRpc::on_opened() {
    open_ = true;
    changed_.notify_all();
}

void JsonRpc::on_frame(const rpc::Arrived& arrived) {
    boost::system::error_code bad;
    const json::value message =
        json::parse(json::string_view{arrived.frame.data(), arrived.frame.size()}, bad);
    const json::object* const object = bad ? nullptr : message.if_object();
    rpc::RequestId id = arrived.asked;
    if (object != nullptr && id == 0) {
        const json::value* const told = object->if_contains("id");
        if (told != nullptr && told->is_int64()) id = static_cast<rpc::RequestId>(told->get_int64());
    }
    if (object == nullptr)
        return settle(id, fail(Errc::malformed_reply, name_ + ": an answer that is no JSON object"));
    if (const json::value* const error = object->if_contains("error"))
        return settle(id, Reply{true, json::serialize(*error)});
    if (const json::value* const result = object->if_contains("result"))
        settle(id, Reply{false, json::serialize(*result)});
}

void JsonRpc::on_failed(rpc::RequestId request, rpc::RequestError&& error) {
    settle(request, fail(error.code, name_ + ": " + error.text));
}

void JsonRpc::on_closed(Error&& error) {
    open_ = false;
    transport_.reset();
    std::vector<rpc::RequestId> waiting;
    for (const auto& [id, slot] : asked_)
        waiting.push_back(id);
    for (const rpc::RequestId id : waiting)
        settle(id, tl::make_unexpected(error));
    failure_ = std::move(error);
    changed_.notify_all();
}

}  // namespace plimsoll::bot
