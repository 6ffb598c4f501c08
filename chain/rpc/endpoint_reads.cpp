// SPDX-License-Identifier: Apache-2.0
#include "chain/async/deadline.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/log_range_hint.hpp"
#include "chain/rpc/requests.hpp"
#include "chain/rpc/session.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

// How a ReadRequest becomes requests that a node is willing to answer.
namespace plimsoll::rpc {
namespace {

/// The answers of several aggregate3 calls, put together into one.
class CallResults {
  public:
    void add(bool success, Bytes data) { results_.push_back(Owned{success, std::move(data)}); }
    [[nodiscard]] Bytes encode() const {
        std::vector<codec::CallResult> views;
        views.reserve(results_.size());
        for (const Owned& result : results_)
            views.push_back(codec::CallResult{result.success, result.data});
        return codec::encode_call_results(views);
    }

  private:
    struct Owned {
        bool success;
        Bytes data;
    };
    std::vector<Owned> results_;
};

/// How many of these calls fit one request.
std::size_t chunk_size(std::span<const Call> calls, const EndpointParams& params) {
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (const Call& call : calls) {
        bytes += call.data.size() + 160;  // its ABI frame
        if (count == params.calls_per_chunk || (count != 0 && bytes > params.calldata_per_chunk)) break;
        ++count;
    }
    return count;
}

/// Asking for less, or again, may help.
bool too_much(const Error& error) {
    return error.code == Errc::limit_exceeded || error.code == Errc::timed_out ||
           error.code == Errc::reverted;
}

}  // namespace

async::Task<ReadResult> Endpoint::execute(ReadRequest request) {
    ReadResult out;
    out.id = request.id;
    out.block_hash = request.block_hash;
    if (auto* const calls = std::get_if<std::vector<Call>>(&request.what)) {
        out.bytes = co_await read_calls(std::move(*calls), request.block_hash);
    } else {
        LogQuery query = std::get<LogQuery>(std::move(request.what));
        out.bytes = co_await read_logs(std::move(query), request.block_hash);
    }
    co_return out;
}

async::Task<Answer> Endpoint::patient(Method method, std::function<std::string(RequestId)> frame) {
    async::Backoff backoff{session_->params.reconnect};
    for (;;) {
        const RequestId id = session_->requests.next_id();
        std::string text = frame(id);
        Answer answer = co_await exchange(id, method, std::move(text));
        const bool wait = !answer && answer.error().meaning == ErrorClass::rate_limited;
        if (!wait || backoff.attempts() >= params().retries) co_return answer;
        const auto delay = backoff.next(session_->random());
        if (!session_->soon_allowed()) co_return answer;
        // What the node itself said, its health knows best: exchange() waits for it.
        const bool told = params().health != nullptr && answer.error().rpc_code != 0;
        if (!told) co_await async::sleep_for(delay);
    }
}

async::Task<Result<CallAnswer>> Endpoint::patient_call(Call what, Hash32 block) {
    std::function<std::string(RequestId)> frame = [&what, &block](RequestId id) {
        return requests::call(id, nullptr, what.to, what.data, block);
    };
    Answer answer = co_await patient(Method::call, std::move(frame));
    co_return to_call_answer(std::move(answer));
}

async::Task<Result<Bytes>> Endpoint::read_calls(std::vector<Call> calls, Hash32 block) {
    CallResults results;
    std::size_t done = 0;
    std::size_t limit = calls.size();  // shrinks when the node cannot do as much at once
    bool multicall = true;
    while (done < calls.size()) {
        const std::span<const Call> left = std::span<const Call>{calls}.subspan(done);
        const std::size_t count = multicall ? std::min(chunk_size(left, params()), limit) : 1;
        Call whole = left.front();
        if (multicall) whole = Call{codec::kMulticall3, codec::encode_aggregate3(left.first(count))};
        Result<CallAnswer> answer = co_await patient_call(std::move(whole), block);
        if (answer && !multicall) {
            results.add(!answer->reverted, std::move(answer->data));
            ++done;
            continue;
        }
        if (answer && answer->data.empty() && !answer->reverted) {
            multicall = false;  // no Multicall3 on this chain, or not yet at this block
            continue;
        }
        const bool refused = answer ? answer->reverted : too_much(answer.error());
        if (refused && count > 1) {
            limit = (count + 1) / 2;
            continue;
        }
        if (!answer) co_return tl::make_unexpected(std::move(answer).error());
        if (answer->reverted)
            co_return fail(Errc::reverted, "Multicall3 at " + name() + " reverted on one call");
        PLIMSOLL_CO_TRY(const std::vector<codec::CallResult> told, codec::decode_aggregate3(answer->data));
        if (told.size() != count)
            co_return fail(Errc::malformed_reply, "Multicall3 at " + name() + ": results missing");
        for (std::size_t i = 0; i < count; ++i) {
            Bytes data(told[i].data.begin(), told[i].data.end());
            bool success = told[i].success;
            if (!success && data.empty() && count > 1) {
                // Perhaps it only ran out of the gas that the calls before it had used up: ask for it alone.
                Result<CallAnswer> alone = co_await patient_call(left[i], block);
                if (!alone) co_return tl::make_unexpected(std::move(alone).error());
                success = !alone->reverted;
                data = std::move(alone->data);
            }
            results.add(success, std::move(data));
        }
        done += count;
    }
    co_return results.encode();
}

async::Task<Result<Bytes>> Endpoint::read_logs(LogQuery query, Hash32 block) {
    std::vector<Log> all;
    LogQuery part = query;
    std::uint64_t span =
        query.to.value - query.from.value;  // of the next part: its last block minus its first
    std::uint64_t most = span;              // what the node takes at all
    while (part.from <= query.to) {
        part.to = BlockNumber{std::min(query.to.value, part.from.value + span)};
        Result<std::vector<Log>> logs = co_await get_logs(part);
        if (!logs && too_much(logs.error()) && part.to != part.from) {
            const auto hint = parse_log_range_hint(logs.error().context, part.from, part.to);
            span = (part.to.value - part.from.value) / 2;
            if (hint) span = hint->blocks - 1;
            if (hint && hint->lasting) most = span;
            continue;
        }
        if (!logs) co_return tl::make_unexpected(std::move(logs).error());
        std::move(logs->begin(), logs->end(), std::back_inserter(all));
        part.from = part.to.next();
        span = std::min(span + span / 4 + 1, most);  // a dense stretch may be over
    }
    // Ranges go by number: they are of this chain only if the block still is.
    PLIMSOLL_CO_TRY(const Header asked, co_await block_by_hash(block));
    PLIMSOLL_CO_TRY(const Header now, co_await block_by_number(asked.head.number));
    if (now.head.hash != block)
        co_return fail(Errc::not_found, "the block left the chain while its logs were read");
    co_return codec::encode_logs(all);
}

}  // namespace plimsoll::rpc
