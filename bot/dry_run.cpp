// SPDX-License-Identifier: Apache-2.0
#include "bot/dry_run.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/revert.hpp"
#include "signer/signing.hpp"

#include <chrono>
#include <utility>

namespace plimsoll::bot {

ReceiveTime steady_now() noexcept {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return ReceiveTime{std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

DryRun::DryRun(const signer::Policy& policy, const signer::SpendLimits& spend_limits,
               const signer::FeePolicy& fees, signer::Key key, const Address& operator_address, Parts parts)
    : policy_{policy},
      spend_limits_{spend_limits},
      fees_{fees},
      key_{std::move(key)},
      operator_{operator_address},
      parts_{parts} {}

Result<std::int64_t> DryRun::decided(const strategy::Decision& decision, const Head& head) {
    signer::Intent intent;
    intent.worth = decision.worth;
    intent.gas_limit = decision.gas_limit;
    intent.last_block = decision.last_block;
    intent.data_fee = decision.data_fee;
    PLIMSOLL_TRY(const fees::FeeQuote fee, fees_.price(head, signer::bid_of(intent, head.number)));
    const signer::PolicyLimits& limits = policy_.limits();
    signer::Transaction fields;
    fields.chain_id = limits.chain;
    fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    fields.max_fee_per_gas = fee.max_fee_per_gas;
    fields.gas_limit = decision.gas_limit;
    fields.to = limits.executor;
    fields.data = decision.calldata;
    signer::SpendLedger spends{spend_limits_};  // nothing is ever spent
    const auto signed_transaction = signer::approve_and_sign(
        policy_, spends, key_, 0, signer::Purpose::execute, std::move(fields), decision.data_fee);
    if (!signed_transaction) return fail(Errc::refused, signed_transaction.error().text);
    const std::int64_t microseconds = (steady_now().nanoseconds - decision.triggered.nanoseconds) / 1000;

    if (limits.executor.is_zero()) {
        parts_.log.info("would", "send; not simulated, there is no Executor yet",
                        {{"account", decision.key.account}});
        return microseconds;
    }
    rpc::CallFrom call{operator_, limits.executor, decision.calldata};
    parts_.tasks.spawn(simulate(decision.key, std::move(call), decision.block_hash));
    return microseconds;
}

async::Task<void> DryRun::simulate(IntentKey key, rpc::CallFrom call, Hash32 block) {
    const Result<rpc::CallAnswer> answer = co_await parts_.endpoints.reader().call_from(call, block);
    if (!answer) {
        parts_.log.warn("would", "not simulated",
                        {{"account", key.account}, {"why", answer.error().context}});
        co_return;
    }
    if (answer->reverted) {
        const std::string why = codec::describe_revert(answer->data);
        parts_.log.info("would", "the simulation reverted", {{"account", key.account}, {"why", why}});
        co_return;
    }
    codec::AbiReader reader{answer->data};
    const U256 profit = reader.u256();
    parts_.log.info("would", "send; simulated at the block it was decided on",
                    {{"account", key.account}, {"profit_units", profit}});
}

}  // namespace plimsoll::bot
