// SPDX-License-Identifier: Apache-2.0
// What only a rollup has: a sequencer that may be down, and a fee for a transaction's bytes.
#include "strategy/engine_core.hpp"

#include <algorithm>

namespace plimsoll::strategy {

/// Blocks may come many times a second; the answers do not change as often.
void Engine::Core::ask_rollup(const Head& head, Output& out) {
    if (!sequencer_.empty() && head.timestamp != sequencer_asked_) {
        sequencer_asked_ = head.timestamp;
        const ReadId id = next_id_();
        reads_.emplace(id, Read{ReadKind::sequencer, 0});
        out.reads.push_back(ReadRequest{id, head.hash, sequencer_.calls()});
    }
    if (!data_fees_.due(head)) return;
    const ReadId id = next_id_();
    reads_.emplace(id, Read{ReadKind::data_fees, 0});
    out.reads.push_back(ReadRequest{id, head.hash, data_fees_.calls(head)});
}

void Engine::Core::sequencer_answered(const ReadResult& result) {
    const Timestamp now = applied_.empty() ? Timestamp{} : inclusion(newest());
    const bool was_down = sequencer_.down(now);
    if (!result.bytes || !sequencer_.accept(*result.bytes)) {
        ++counts_.price_read_failures;
        return;
    }
    sweep_due_ = sweep_due_ || was_down != sequencer_.down(now);
}

void Engine::Core::data_fees_answered(const ReadResult& result) {
    const bool knew = data_fees_.known();
    if (!result.bytes || !data_fees_.accept(*result.bytes)) {
        ++counts_.price_read_failures;
        return;
    }
    sweep_due_ = sweep_due_ || !knew;
}

/// What a receipt or an estimate says, less what was for the bytes and the builder: the gas table knows
/// executions only.
Gas Engine::Core::execution_alone(const GasShape& shape, Gas gas) const {
    const bool shares = params_.builder_share.value != 0 &&
                        venues_[shape.venue]->assets()[shape.debt].token == params_.native_asset;
    const std::size_t hops = (shape.pool_fee != 0 ? 1U : 0U) + (shape.second_fee != 0 ? 1U : 0U);
    const std::uint64_t other = data_fees_.costs().at(hops).gas.value + (shares ? kBuilderGas.value : 0U);
    return Gas{gas.value - std::min(gas.value, other)};
}

}  // namespace plimsoll::strategy
