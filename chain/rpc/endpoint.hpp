// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/http_header.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/prepared_send.hpp"
#include "chain/rpc/reply.hpp"
#include "chain/rpc/request_budget.hpp"
#include "chain/rpc/tls_params.hpp"
#include "chain/rpc/url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

class EndpointHealth;

struct EndpointParams {
    Url url;
    std::vector<HttpHeader> headers;  // for http(s) and ws(s), beside our own; each must pass check_header
    TlsParams tls;                    // for https and wss
    SourceId source{};
    std::optional<ChainId> chain_id;  // verified at each connect; not checked if unset
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds request_timeout{10'000};
    std::chrono::milliseconds idle_timeout{20'000};  // ping after half of it, dead after all of it
    std::size_t max_message = std::size_t{32} << 20U;
    std::size_t max_in_flight = 100;
    std::size_t calls_per_chunk = 250;                        // of one Multicall3 request
    std::size_t calldata_per_chunk = std::size_t{96} << 10U;  // bytes
    async::BackoffParams reconnect{};
    unsigned retries = 5;    // of a read that was told to wait
    bool read_only = false;  // a transaction is refused here, before anything is sent
    // Told what happens, and asked when a request may go; a request that would be held back longer than
    // request_timeout fails as rate_limited. Shared by the connections of one endpoint, which it outlives.
    EndpointHealth* health = nullptr;
    Use use = Use::read;  // a transaction is Use::submit, whatever stands here
    // Over http(s): one more header, made of the very bytes of each body, as relays want it.
    std::function<HttpHeader(std::string_view body)> sign_body;
};

/// What became of a transaction at one node. `transport` and `unknown` mean "maybe sent".
struct SendAnswer {
    ErrorClass meaning = ErrorClass::none;
    Hash32 hash;       // if accepted: as the node says, to be compared with our own
    std::string text;  // otherwise: what the node said
};

/// What an eth_call came to; a revert is a value.
struct CallAnswer {
    bool reverted{};
    Bytes data;  // the result, or the revert data
};

/// One block's logs, and when the frame that held them came.
struct BlockLogs {
    std::vector<Log> logs;
    ReceiveTime received;
};

/// The call that a gas estimate is for.
struct CallFrom {
    Address from;
    Address to;
    Bytes data;
};

/// Late, duplicate and foreign messages, and what the connection went through.
struct EndpointCounters {
    MethodCounts requests{};
    std::uint64_t timeouts{};
    std::uint64_t late_replies{};
    std::uint64_t duplicate_replies{};
    std::uint64_t foreign_replies{};
    std::uint64_t foreign_notifications{};
    std::uint64_t malformed_messages{};
    std::uint64_t pending_hashes{};  // pending transactions told without their content
    std::uint64_t connects{};
    std::uint64_t disconnects{};
    std::uint64_t fired_taken{};  // answers to what was fired: the node has it now
    std::uint64_t fired_refused{};
    [[nodiscard]] std::uint64_t total_requests() const noexcept;
};

enum class CountAt { latest, pending };

/// Whether dialling again cannot mend it: a wrong chain, a certificate that is not believed, a CA file that
/// cannot be read.
[[nodiscard]] constexpr bool is_lasting(Errc code) noexcept {
    return code == Errc::wrong_chain || code == Errc::refused || code == Errc::config_invalid;
}

/// One connection to one node, over WebSocket, HTTP (both with or without TLS) or a Unix socket. Everything
/// runs on the executor's single thread. While it is not connected, every method answers Errc::disconnected
/// at once.
class Endpoint {
  public:
    Endpoint(async::asio::any_io_executor executor, EndpointParams params);
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;
    ~Endpoint();

    /// Dials and verifies the chain id: Errc::disconnected, timed_out, wrong_chain, malformed_reply, refused
    /// (a certificate that is not believed), config_invalid (the CA file).
    async::Task<Result<void>> connect();
    /// Fails what is in flight and drops the connection.
    void close();
    /// Returns why, when the connection is gone.
    async::Task<Error> closed();
    /// Connects, and connects again with jittered back-off, until cancelled. For endpoints that a Feed does
    /// not drive.
    async::Task<void> keep_connected();
    /// Waits for a connection that keep_connected() makes: Errc::timed_out with the last failure, or what
    /// waiting does not mend (see `is_lasting`).
    async::Task<Result<void>> wait_connected(std::chrono::milliseconds limit);
    [[nodiscard]] bool connected() const noexcept;

    async::Task<Result<ChainId>> chain_id();
    async::Task<Result<std::string>> client_version();
    /// Whether it says that it is still catching up.
    async::Task<Result<bool>> syncing();
    /// The newest block the node has.
    async::Task<Result<Header>> latest_block();
    /// The newest block that the chain will not undo. Errc::not_found where the node knows none.
    async::Task<Result<Header>> finalized_block();
    /// Errc::not_found if the node does not have it.
    async::Task<Result<Header>> block_by_number(BlockNumber number);
    async::Task<Result<Header>> block_by_hash(Hash32 hash);
    /// Errc::limit_exceeded if the node wants a smaller range; `parse_log_range_hint` may find which. In
    /// chain order.
    async::Task<Result<std::vector<Log>>> get_logs(LogQuery query);
    /// Of one block; every log carries that hash.
    async::Task<Result<BlockLogs>> get_logs_at(Hash32 block, Watch watch);
    /// At a block hash (EIP-1898).
    async::Task<Result<CallAnswer>> call(Call call, Hash32 block);
    async::Task<Result<CallAnswer>> call_from(CallFrom call, Hash32 block);
    /// Every eth_call from now on sees the chain with this state override set (a JSON object by address, as
    /// geth takes it as third parameter); empty: as it is.
    void override_calls(std::string state);
    /// On the newest block. Errc::reverted says why.
    async::Task<Result<Gas>> estimate_gas(CallFrom call);
    async::Task<Result<Bytes>> get_code(Address address, Hash32 block);
    async::Task<Result<Wei>> balance(Address address);
    /// What the newest blocks' transactions tipped, at one percentile of their gas (eth_feeHistory).
    async::Task<Result<RecentTips>> recent_tips(std::uint32_t blocks, std::uint32_t percentile);
    async::Task<Result<Nonce>> transaction_count(Address address, CountAt at);
    /// Nothing if the node knows no receipt.
    async::Task<Result<std::optional<Receipt>>> transaction_receipt(Hash32 transaction);
    /// Whether the node has it and no block has it yet (eth_getTransactionByHash).
    async::Task<Result<bool>> in_pool(Hash32 transaction);
    async::Task<SendAnswer> send_raw_transaction(Bytes transaction);
    /// Hands a prepared frame to the connection at once: it waits for no turn, nothing is allocated before it
    /// is out, and its answer is only counted. False if there is no connection, or it is for reading alone;
    /// then nothing left.
    bool fire(PreparedSend&& prepared);
    /// Reads the newest notification of a log once more and tells nobody: what reading needs stays near.
    void rehearse();

    // At relays and builders; what they take is a promise at most, and only inclusion proves it.
    /// Of no use after block `last`.
    async::Task<SendAnswer> send_private_transaction(Bytes transaction, BlockNumber last);
    /// Best effort: true says that the relay no longer forwards it, and nothing about who has it already.
    async::Task<Result<bool>> cancel_private_transaction(Hash32 transaction);
    /// For one block. If taken, the hash of the first transaction is given back, as no builder names it.
    async::Task<SendAnswer> send_bundle(std::vector<Bytes> transactions, BlockNumber block);
    /// As if in `block`, on the newest state; a transaction that fails is a value.
    async::Task<Result<BundleSimulation>> call_bundle(std::vector<Bytes> transactions, BlockNumber block);

    /// Calls go through Multicall3 in chunks at the block hash; log queries are split where the node wants
    /// less. The answer has the form ReadResult describes.
    async::Task<ReadResult> execute(ReadRequest request);

    /// Notifications of this connection's subscriptions; set once, before subscribing.
    void on_notification(std::function<void(Notification&&)> handler);
    /// Subscriptions die with the connection. Errc::refused over http and https.
    async::Task<Result<std::uint32_t>> subscribe_heads();
    async::Task<Result<std::uint32_t>> subscribe_logs(Watch watch);
    /// Transactions that wait, to these targets, or all if there are none, with their input. Where a node
    /// cannot choose, all come. Where it tells hashes only, nothing is notified, and each is counted.
    async::Task<Result<std::uint32_t>> subscribe_pending(std::vector<Address> targets);
    async::Task<Result<void>> unsubscribe(std::uint32_t subscription);

    /// For people: no user info, path or query.
    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] const EndpointParams& params() const noexcept;
    [[nodiscard]] const EndpointCounters& counters() const noexcept;

  private:
    class Session;

    async::Task<Answer> exchange(RequestId id, Method method, std::string frame,
                                 ReceiveTime* received = nullptr);
    [[nodiscard]] Result<CallAnswer> to_call_answer(Answer&& answer) const;
    [[nodiscard]] SendAnswer to_send_answer(Answer&& answer, Method method) const;
    async::Task<Answer> patient(Method method, std::function<std::string(RequestId)> frame);
    async::Task<Result<CallAnswer>> patient_call(Call what, Hash32 block);
    async::Task<Result<Bytes>> read_calls(std::vector<Call> calls, Hash32 block);
    async::Task<Result<Bytes>> read_logs(LogQuery query, Hash32 block);

    std::unique_ptr<Session> session_;
};

/// Closes the endpoint when a scope ends, by cancellation too: a pending read would keep the event loop
/// running.
class CloseAtEnd {
  public:
    explicit CloseAtEnd(Endpoint& endpoint) noexcept : endpoint_{endpoint} {}
    CloseAtEnd(const CloseAtEnd&) = delete;
    CloseAtEnd& operator=(const CloseAtEnd&) = delete;
    ~CloseAtEnd() { endpoint_.close(); }

  private:
    Endpoint& endpoint_;
};

}  // namespace plimsoll::rpc
