// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/condition.hpp"
#include "chain/async/task.hpp"
#include "chain/rpc/connection_state.hpp"
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/message_reader.hpp"
#include "chain/rpc/redactor.hpp"
#include "chain/rpc/request_table.hpp"
#include "chain/rpc/subscription_table.hpp"
#include "chain/rpc/transport.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace plimsoll::rpc {

/// The inside of an Endpoint: its transport of the moment, and the machines that decide what its messages
/// are.
class Endpoint::Session final : public TransportSink, public MessageContext {
  public:
    using Clock = std::chrono::steady_clock;

    Session(async::asio::any_io_executor executor, EndpointParams params);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override;

    async::Task<Result<void>> dial();
    void close(Error why);
    bool fire(PreparedSend&& prepared);
    void rehearse();
    /// The chain is the right one: others may ask now.
    void verified();
    /// We are about to close it ourselves, which is no fault of the node.
    void withdraw();
    /// One request and its answer, and if asked when its frame came. A timeout abandons the id, not the
    /// connection.
    async::Task<Answer> exchange(RequestId id, Method method, std::string frame,
                                 ReceiveTime* received = nullptr);
    async::Task<Result<std::uint32_t>> subscribe(RequestId id, std::string frame, SubscriptionKind kind);

    void on_opened() override;
    void on_frame(const Arrived& arrived) override;
    void on_failed(RequestId request, RequestError&& error) override;
    void on_turned_away(RequestError&& why) override;
    void on_closed(Error&& error) override;
    /// How long the node wants to be left alone; bounded, as a new connection may be what helps.
    [[nodiscard]] std::chrono::nanoseconds told_to_wait() const;
    /// Whether a request of this connection may go before its own deadline.
    [[nodiscard]] bool soon_allowed() const;
    [[nodiscard]] std::optional<Method> method_of(RequestId id) const override {
        return id < kFirstPrepared ? requests.method_of(id) : Method::send_raw_transaction;
    }
    [[nodiscard]] SubscriptionKind kind_of(std::string_view subscription) const override;

    async::asio::any_io_executor executor;
    EndpointParams params;
    std::string name;
    RequestTable requests;
    SubscriptionTable subscriptions;
    ConnectionState state;
    EndpointCounters counters;
    std::function<void(Notification&&)> handler;
    std::string call_overrides;    // third parameter of every eth_call, or empty
    async::Condition changed;      // connected or no longer
    std::optional<Error> failure;  // why there is no connection; nothing while dialling or connected
    bool open = false;             // the transport is; the chain id may still be unverified
    bool usable = false;           // and verified
    std::mt19937_64 random;

  private:
    async::Task<Result<bool>> wait_for_turn(Use use);
    [[nodiscard]] Result<void> may_ask(Method method) const;
    void report(Method method, const Answer& answer, Clock::time_point sent);
    void on_reply(Reply&& reply, const Arrived& arrived);
    void on_told(SubscriptionMessage&& message, const Arrived& arrived);
    void deliver(std::uint32_t number, SubscriptionMessage&& message, ReceiveTime received);
    void remember(std::string_view frame);
    void count_fired(const Reply& reply);

    bool rehearsing_ = false;
    std::string rehearsal_;  // the newest notification of a log, and room behind it
    MessageReader reader_;
    Redactor redactor_;
    std::shared_ptr<Transport> transport_;
    bool withdrawn_ = true;  // by ourselves, or never dialled: its end is nobody's fault
};

}  // namespace plimsoll::rpc
