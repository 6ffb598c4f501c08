// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/endpoint.hpp"

#include "chain/async/deadline.hpp"
#include "chain/codec/revert.hpp"
#include "chain/primitives/keccak.hpp"
#include "chain/rpc/requests.hpp"
#include "chain/rpc/session.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace plimsoll::rpc {
namespace {

/// What the caller is told about a request that has no result.
Error describe(const RequestError& error, Method method, const std::string& name) {
    std::string context{wire_name(method)};
    context += " at " + name + ": ";
    if (error.code == Errc::reverted && !error.data.empty()) {
        context += "reverted: " + codec::describe_revert(error.data);
    } else {
        context += error.text;
        if (error.rpc_code != 0) context += " (code " + std::to_string(error.rpc_code) + ")";
    }
    return Error{error.code, std::move(context)};
}

/// The result of the type that the method promises; `null` is Errc::not_found.
template <class T>
Result<T> expect(Answer&& answer, Method method, const std::string& name) {
    if (!answer) return tl::make_unexpected(describe(answer.error(), method, name));
    if (T* const value = std::get_if<T>(&*answer)) return std::move(*value);
    return fail(Errc::not_found, std::string{wire_name(method)} + " at " + name + ": null");
}

Result<std::uint64_t> expect64(Answer&& answer, Method method, const std::string& name) {
    PLIMSOLL_TRY(const U256 value, expect<U256>(std::move(answer), method, name));
    if (value.fits64()) return value.low64();
    return fail(Errc::malformed_reply, std::string{wire_name(method)} + " at " + name + ": above 64 bits");
}

}  // namespace

std::uint64_t EndpointCounters::total_requests() const noexcept {
    return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
}

Endpoint::Endpoint(async::asio::any_io_executor executor, EndpointParams params)
    : session_{std::make_unique<Session>(std::move(executor), std::move(params))} {}

Endpoint::~Endpoint() = default;

async::Task<Result<void>> Endpoint::connect() {
    PLIMSOLL_CO_CHECK(co_await session_->dial());
    if (session_->params.chain_id) {
        const ChainId wanted = *session_->params.chain_id;
        Result<ChainId> told = co_await chain_id();
        if (told && *told != wanted) {
            told = fail(Errc::wrong_chain, session_->name + " is on chain " + std::to_string(told->value) +
                                               ", not " + std::to_string(wanted.value));
        }
        if (!told) {
            session_->close(told.error());
            co_return tl::make_unexpected(std::move(told).error());
        }
    }
    session_->verified();
    co_return Result<void>{};
}

void Endpoint::close() {
    session_->withdraw();
    session_->close(Error{Errc::disconnected, session_->name + ": closed by us"});
}

async::Task<Error> Endpoint::closed() {
    while (!session_->failure)
        co_await session_->changed.wait();
    co_return *session_->failure;
}

async::Task<void> Endpoint::keep_connected() {
    const CloseAtEnd close_at_end{*this};
    for (;;) {
        // One that is connected already stays so: somebody may be waiting for an answer.
        if (!session_->usable) co_await connect();
        if (session_->usable) session_->state.opened(ConnectionState::Clock::now());
        const Error why = co_await closed();
        const auto delay = session_->state.lost(why, ConnectionState::Clock::now(), session_->random());
        co_await async::sleep_for(std::max<std::chrono::nanoseconds>(delay, session_->told_to_wait()));
    }
}

async::Task<Result<void>> Endpoint::wait_connected(std::chrono::milliseconds limit) {
    const auto deadline = ConnectionState::Clock::now() + limit;
    while (!session_->usable && ConnectionState::Clock::now() < deadline)
        co_await session_->changed.wait_until(deadline);
    if (session_->usable) co_return Result<void>{};
    const Error why = session_->failure.value_or(Error{Errc::timed_out, "still connecting"});
    co_return fail(is_lasting(why.code) ? why.code : Errc::timed_out, why.context);
}

bool Endpoint::connected() const noexcept {
    return session_->usable;
}

async::Task<Answer> Endpoint::exchange(RequestId id, Method method, std::string frame,
                                       ReceiveTime* received) {
    return session_->exchange(id, method, std::move(frame), received);
}

async::Task<Result<ChainId>> Endpoint::chain_id() {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::chain_id, requests::plain(id, Method::chain_id));
    PLIMSOLL_CO_TRY(const std::uint64_t value, expect64(std::move(answer), Method::chain_id, name()));
    co_return ChainId{value};
}

async::Task<Result<std::string>> Endpoint::client_version() {
    const RequestId id = session_->requests.next_id();
    Answer answer =
        co_await exchange(id, Method::client_version, requests::plain(id, Method::client_version));
    co_return expect<std::string>(std::move(answer), Method::client_version, name());
}

async::Task<Result<bool>> Endpoint::syncing() {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::syncing, requests::plain(id, Method::syncing));
    co_return expect<bool>(std::move(answer), Method::syncing, name());
}

async::Task<Result<Header>> Endpoint::latest_block() {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::block_by_number, requests::block_by_tag(id, "latest"));
    co_return expect<Header>(std::move(answer), Method::block_by_number, name());
}

async::Task<Result<Header>> Endpoint::finalized_block() {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::block_by_tag(id, "finalized");
    Answer answer = co_await exchange(id, Method::block_by_number, std::move(frame));
    const bool unknown_tag = !answer && answer.error().meaning == ErrorClass::invalid_request;
    if (unknown_tag) answer.error().code = Errc::not_found;
    co_return expect<Header>(std::move(answer), Method::block_by_number, name());
}

async::Task<Result<Header>> Endpoint::block_by_number(BlockNumber number) {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::block_by_number, requests::block_by_number(id, number));
    Result<Header> header = expect<Header>(std::move(answer), Method::block_by_number, name());
    if (header && header->head.number != number)
        header = fail(Errc::malformed_reply, name() + ": another block's header");
    co_return header;
}

async::Task<Result<Header>> Endpoint::block_by_hash(Hash32 hash) {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::block_by_hash, requests::block_by_hash(id, hash));
    Result<Header> header = expect<Header>(std::move(answer), Method::block_by_hash, name());
    if (header && header->head.hash != hash)
        header = fail(Errc::malformed_reply, name() + ": another block's header");
    co_return header;
}

async::Task<Result<std::vector<Log>>> Endpoint::get_logs(LogQuery query) {
    std::function<std::string(RequestId)> frame = [&query](RequestId id) {
        return requests::logs_in_range(id, query);
    };
    Answer answer = co_await patient(Method::get_logs, std::move(frame));
    PLIMSOLL_CO_TRY(std::vector<Log> logs,
                    expect<std::vector<Log>>(std::move(answer), Method::get_logs, name()));
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const bool outside = logs[i].block_number < query.from || query.to < logs[i].block_number;
        const bool after =
            i == 0 || logs[i - 1].block_number < logs[i].block_number ||
            (logs[i - 1].block_number == logs[i].block_number && logs[i - 1].index < logs[i].index);
        if (outside || !after)
            co_return fail(Errc::malformed_reply, "eth_getLogs at " + name() + ": out of range or order");
    }
    co_return logs;
}

async::Task<Result<BlockLogs>> Endpoint::get_logs_at(Hash32 block, Watch watch) {
    const RequestId id = session_->requests.next_id();
    BlockLogs out;
    Answer answer =
        co_await exchange(id, Method::get_logs, requests::logs_at(id, block, watch), &out.received);
    PLIMSOLL_CO_TRY(out.logs, expect<std::vector<Log>>(std::move(answer), Method::get_logs, name()));
    for (std::size_t i = 0; i < out.logs.size(); ++i) {
        const bool after = i == 0 || out.logs[i - 1].index < out.logs[i].index;
        if (out.logs[i].block_hash != block || !after) {
            co_return fail(Errc::malformed_reply,
                           "eth_getLogs at " + name() + ": another block's logs, or out of order");
        }
    }
    co_return out;
}

async::Task<Result<CallAnswer>> Endpoint::call(Call call, Hash32 block) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::call(id, nullptr, call.to, call.data, block);
    Answer answer = co_await exchange(id, Method::call, std::move(frame));
    co_return to_call_answer(std::move(answer));
}

async::Task<Result<CallAnswer>> Endpoint::call_from(CallFrom call, Hash32 block) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::call(id, &call.from, call.to, call.data, block);
    Answer answer = co_await exchange(id, Method::call, std::move(frame));
    co_return to_call_answer(std::move(answer));
}

Result<CallAnswer> Endpoint::to_call_answer(Answer&& answer) const {
    CallAnswer out;
    if (!answer && answer.error().meaning == ErrorClass::execution_reverted) {
        out.reverted = true;
        out.data = std::move(answer.error().data);
        return out;
    }
    PLIMSOLL_TRY(out.data, expect<Bytes>(std::move(answer), Method::call, name()));
    return out;
}

void Endpoint::override_calls(std::string state) {
    session_->call_overrides = std::move(state);
}

async::Task<Result<Gas>> Endpoint::estimate_gas(CallFrom call) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::estimate_gas(id, call.from, call.to, call.data);
    Answer answer = co_await exchange(id, Method::estimate_gas, std::move(frame));
    PLIMSOLL_CO_TRY(const std::uint64_t gas, expect64(std::move(answer), Method::estimate_gas, name()));
    co_return Gas{gas};
}

async::Task<Result<Bytes>> Endpoint::get_code(Address address, Hash32 block) {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::get_code, requests::get_code(id, address, block));
    co_return expect<Bytes>(std::move(answer), Method::get_code, name());
}

async::Task<Result<Wei>> Endpoint::balance(Address address) {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::balance, requests::balance(id, address));
    PLIMSOLL_CO_TRY(const U256 wei, expect<U256>(std::move(answer), Method::balance, name()));
    co_return Wei{wei};
}

async::Task<Result<RecentTips>> Endpoint::recent_tips(std::uint32_t blocks, std::uint32_t percentile) {
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, Method::fee_history, requests::fee_history(id, blocks, percentile));
    co_return expect<RecentTips>(std::move(answer), Method::fee_history, name());
}

async::Task<Result<Nonce>> Endpoint::transaction_count(Address address, CountAt at) {
    const RequestId id = session_->requests.next_id();
    const std::string_view tag = at == CountAt::latest ? "latest" : "pending";
    Answer answer =
        co_await exchange(id, Method::transaction_count, requests::transaction_count(id, address, tag));
    PLIMSOLL_CO_TRY(const std::uint64_t count,
                    expect64(std::move(answer), Method::transaction_count, name()));
    co_return Nonce{count};
}

async::Task<Result<std::optional<Receipt>>> Endpoint::transaction_receipt(Hash32 transaction) {
    const RequestId id = session_->requests.next_id();
    Answer answer =
        co_await exchange(id, Method::transaction_receipt, requests::transaction_receipt(id, transaction));
    std::optional<Receipt> out;
    if (answer && std::holds_alternative<std::monostate>(*answer)) co_return out;
    PLIMSOLL_CO_TRY(out, expect<Receipt>(std::move(answer), Method::transaction_receipt, name()));
    if (out->transaction_hash != transaction)
        co_return fail(Errc::malformed_reply, name() + ": another transaction's receipt");
    co_return out;
}

async::Task<Result<bool>> Endpoint::in_pool(Hash32 transaction) {
    constexpr Method kMethod = Method::transaction_by_hash;
    const RequestId id = session_->requests.next_id();
    Answer answer = co_await exchange(id, kMethod, requests::transaction_by_hash(id, transaction));
    if (answer && std::holds_alternative<std::monostate>(*answer)) co_return false;
    PLIMSOLL_CO_TRY(const auto placed, expect<PlacedTransaction>(std::move(answer), kMethod, name()));
    if (placed.transaction_hash != transaction)
        co_return fail(Errc::malformed_reply, name() + ": another transaction");
    co_return !placed.in_block;
}

async::Task<SendAnswer> Endpoint::send_raw_transaction(Bytes transaction) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::send_raw_transaction(id, transaction);
    Answer answer = co_await exchange(id, Method::send_raw_transaction, std::move(frame));
    co_return to_send_answer(std::move(answer), Method::send_raw_transaction);
}

async::Task<SendAnswer> Endpoint::send_private_transaction(Bytes transaction, BlockNumber last) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::send_private_transaction(id, transaction, last);
    Answer answer = co_await exchange(id, Method::send_private_transaction, std::move(frame));
    co_return to_send_answer(std::move(answer), Method::send_private_transaction);
}

async::Task<Result<bool>> Endpoint::cancel_private_transaction(Hash32 transaction) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::cancel_private_transaction(id, transaction);
    Answer answer = co_await exchange(id, Method::cancel_private_transaction, std::move(frame));
    co_return expect<bool>(std::move(answer), Method::cancel_private_transaction, name());
}

async::Task<SendAnswer> Endpoint::send_bundle(std::vector<Bytes> transactions, BlockNumber block) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::send_bundle(id, transactions, block);
    Answer answer = co_await exchange(id, Method::send_bundle, std::move(frame));
    if (answer) *answer = keccak256(BytesView{transactions.front()});
    co_return to_send_answer(std::move(answer), Method::send_bundle);
}

async::Task<Result<BundleSimulation>> Endpoint::call_bundle(std::vector<Bytes> transactions,
                                                            BlockNumber block) {
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::call_bundle(id, transactions, block);
    Answer answer = co_await exchange(id, Method::call_bundle, std::move(frame));
    co_return expect<BundleSimulation>(std::move(answer), Method::call_bundle, name());
}

SendAnswer Endpoint::to_send_answer(Answer&& answer, Method method) const {
    SendAnswer out;
    if (!answer) {
        out.meaning = answer.error().meaning;
        out.text = describe(answer.error(), method, name()).context;
        return out;
    }
    if (const Hash32* const hash = std::get_if<Hash32>(&*answer)) {
        out.hash = *hash;
        return out;
    }
    out.meaning = ErrorClass::unknown;
    out.text = std::string{wire_name(method)} + " at " + name() + ": null";
    return out;
}

void Endpoint::on_notification(std::function<void(Notification&&)> handler) {
    session_->handler = std::move(handler);
}

async::Task<Result<std::uint32_t>> Endpoint::subscribe_heads() {
    const RequestId id = session_->requests.next_id();
    return session_->subscribe(id, requests::subscribe_heads(id), SubscriptionKind::heads);
}

async::Task<Result<std::uint32_t>> Endpoint::subscribe_logs(Watch watch) {
    const RequestId id = session_->requests.next_id();
    return session_->subscribe(id, requests::subscribe_logs(id, watch), SubscriptionKind::logs);
}

async::Task<Result<std::uint32_t>> Endpoint::subscribe_pending(std::vector<Address> targets) {
    // Where both forms are known, the other one may tell hashes only: this one first.
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::subscribe_pending_to(id, targets);
    Result<std::uint32_t> chosen =
        co_await session_->subscribe(id, std::move(frame), SubscriptionKind::pending);
    const bool gone =
        !chosen && (chosen.error().code == Errc::disconnected || chosen.error().code == Errc::timed_out ||
                    chosen.error().code == Errc::refused);
    if (chosen || gone) co_return chosen;
    const RequestId again = session_->requests.next_id();
    std::string all = requests::subscribe_pending(again);
    co_return co_await session_->subscribe(again, std::move(all), SubscriptionKind::pending);
}

async::Task<Result<void>> Endpoint::unsubscribe(std::uint32_t subscription) {
    const auto* const entry = session_->subscriptions.find(subscription);
    if (entry == nullptr) co_return fail(Errc::not_found, "no such subscription");
    const RequestId id = session_->requests.next_id();
    std::string frame = requests::unsubscribe(id, entry->id);
    Answer answer = co_await exchange(id, Method::unsubscribe, std::move(frame));
    session_->subscriptions.remove(subscription);
    PLIMSOLL_CO_CHECK(expect<bool>(std::move(answer), Method::unsubscribe, name()));
    co_return Result<void>{};
}

const std::string& Endpoint::name() const noexcept {
    return session_->name;
}

const EndpointParams& Endpoint::params() const noexcept {
    return session_->params;
}

const EndpointCounters& Endpoint::counters() const noexcept {
    return session_->counters;
}

}  // namespace plimsoll::rpc
