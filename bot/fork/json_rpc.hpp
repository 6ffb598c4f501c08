// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/condition.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/transport.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace plimsoll::bot {

/// JSON-RPC as text, for methods that rpc::Endpoint does not know: those of a development node, and what is
/// only passed on. Connects when it is first asked, and again after a loss.
class JsonRpc final : public rpc::TransportSink {
  public:
    /// What the node said, as JSON text: the `result`, or the `error` object.
    struct Reply {
        bool failed{};
        std::string body;
    };

    JsonRpc(boost::asio::any_io_executor executor, rpc::TransportParams params);
    JsonRpc(const JsonRpc&) = delete;
    JsonRpc& operator=(const JsonRpc&) = delete;
    ~JsonRpc() override;

    /// `params` is a JSON array. Errc::disconnected or timed_out if there is no reply.
    async::Task<Result<Reply>> ask(std::string method, std::string params);
    /// The result; Errc::rpc_rejected with the node's words if it said no.
    async::Task<Result<std::string>> result(std::string method, std::string params);
    void close();

    void on_opened() override;
    void on_frame(const rpc::Arrived& arrived) override;
    void on_failed(rpc::RequestId request, rpc::RequestError&& error) override;
    void on_closed(Error&& error) override;

  private:
    using Slot = std::optional<Result<Reply>>;

    async::Task<Result<void>> connected();
    void settle(rpc::RequestId id, Result<Reply> reply);

    boost::asio::any_io_executor executor_;
    rpc::TransportParams params_;
    std::string name_;
    std::shared_ptr<rpc::Transport> transport_;
    bool open_ = false;
    std::optional<Error> failure_;
    async::Condition changed_;
    rpc::RequestId last_ = 0;
    std::map<rpc::RequestId, Slot> asked_;
};

}  // namespace plimsoll::bot
