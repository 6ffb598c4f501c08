// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/sequencer_watch.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"

namespace plimsoll::strategy {

std::vector<Call> SequencerWatch::calls() const {
    constexpr codec::Selector kLatestRound = codec::selector("latestRoundData()");
    if (!feed_) return {};
    return {Call{*feed_, Bytes(kLatestRound.begin(), kLatestRound.end())}};
}

Result<void> SequencerWatch::accept(BytesView answer) {
    PLIMSOLL_TRY(const std::vector<codec::CallResult> results, codec::decode_aggregate3(answer));
    if (results.size() != 1 || !results.front().success)
        return fail(Errc::malformed_reply, "the sequencer's uptime feed does not answer");
    codec::AbiReader reader{results.front().data};
    static_cast<void>(reader.u256());  // round
    const U256 status = reader.u256();
    const U256 since = reader.u256();
    if (!reader.ok() || status > U256{1})
        return fail(Errc::malformed_reply, "the sequencer's uptime feed tells neither up nor down");
    up_ = status.is_zero();
    since_ = since;
    return {};
}

bool SequencerWatch::down(Timestamp now) const {
    if (!feed_) return false;
    if (!up_ || !*up_) return true;
    // As Aave's sentinel has it: more than the grace must have passed.
    const bool any_grace = grace_ != 0;
    return any_grace && (since_ >= U256{now.value} || U256{now.value} - since_ <= U256{grace_});
}

}  // namespace plimsoll::strategy
