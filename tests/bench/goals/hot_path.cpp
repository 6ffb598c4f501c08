// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/hot_path.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/rpc/requests.hpp"
#include "signer/signing.hpp"
#include "signer/transaction.hpp"
#include "strategy/plan.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace plimsoll::bench {

namespace {

const Wei kMostPerGas{U256{200'000'000'000ULL}};

std::string why_nothing(const strategy::Output& out) {
    std::string told = "the account that sinks is not to be sent:";
    for (const strategy::Decision& decision : out.decisions)
        told += " " + std::string{strategy::to_string(decision.reason)};
    for (const strategy::Notice& notice : out.notices)
        told += ", " + notice.text;
    return told;
}

signer::FeeLimits fee_limits() {
    return signer::FeeLimits{Wei{U256{1'000'000'000}}, kMostPerGas, {}};
}

}  // namespace

signer::PolicyLimits limits_of(const Address& sender) {
    signer::PolicyLimits out;
    out.chain = ChainId{31337};
    out.sender = sender;
    out.executor = strategy::aave_v3::at(0xE0);
    out.selector = strategy::kExecuteSelector;
    out.max_gas = Gas{5'000'000};
    out.max_fee_per_gas = kMostPerGas;
    out.max_spend = Wei{pow10(18)};
    return out;
}

signer::SignedTransaction sign_decision(const signer::Policy& policy, const fees::FeeQuote& fee,
                                        const signer::Key& key, const strategy::Decision& decision) {
    signer::Transaction fields;
    fields.chain_id = ChainId{31337};
    fields.nonce = Nonce{7};
    fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    fields.max_fee_per_gas = fee.max_fee_per_gas;
    fields.gas_limit = decision.gas_limit;
    fields.to = strategy::aave_v3::at(0xE0);
    fields.data = decision.calldata;
    signer::SpendLedger spends{signer::SpendLimits{}};
    return signer::approve_and_sign(policy, spends, key, 1, signer::Purpose::execute, std::move(fields))
        .value();
}

void require_transaction(const std::string& frame, const Address& sender, const Address& account) {
    const std::size_t begin = frame.find("[\"0x");
    const std::size_t end = frame.find('"', begin + 2);
    if (frame.find("eth_sendRawTransaction") == std::string::npos || begin == std::string::npos)
        throw std::runtime_error{"the answer is no transaction: " + frame};
    const std::string raw = frame.substr(begin + 2, end - begin - 2);
    const auto transaction = signer::decode_transaction(parse_hex(raw).value());
    if (!transaction) throw std::runtime_error{"the transaction cannot be read"};
    const auto signed_by = signer::sender_of(*transaction);
    if (!signed_by || *signed_by != sender) throw std::runtime_error{"the transaction is somebody else's"};
    if (raw.find(to_hex(account.bytes).substr(2)) == std::string::npos)
        throw std::runtime_error{"the transaction is about another account"};
}

HotPath::HotPath(Stage& stage)
    : stage_{stage},
      key_{signer::throwaway_key().value()},
      policy_{limits_of(key_.address())},
      fees_{fee_limits()},
      rehearsal_{signer::Rehearsal::of(policy_.limits(), fee_limits()).value()} {}

const Log& HotPath::decoded(std::string_view frame) {
    if (const auto* const known = reader_.read_known(frame, LogsAlone{})) return std::get<Log>(known->body);
    auto message = reader_.read(frame, LogsAlone{});
    if (!message) throw std::runtime_error{message.error().context};
    log_ = std::get<Log>(std::get<rpc::SubscriptionMessage>(*std::move(message)).body);
    return log_;
}

const strategy::Decision* HotPath::decide(const Log& log, bool seal) {
    stage_.tell(LogSeen{log});
    if (seal) stage_.seal();
    for (const strategy::Decision& decision : stage_.out().decisions) {
        if (decision.send()) return &decision;
    }
    return nullptr;
}

std::string HotPath::signed_frame(const strategy::Decision& decision) {
    const fees::FeeQuote fee = fees_.price(stage_.head()).value();
    return rpc::requests::send_raw_transaction(1, sign_decision(policy_, fee, key_, decision).raw);
}

std::string HotPath::answer(std::string_view frame, bool seal) {
    const strategy::Decision* const decision = decide(decoded(frame), seal);
    return decision == nullptr ? std::string{} : signed_frame(*decision);
}

void HotPath::begin() {
    stage_.begin_block();
    stage_.out().clear();
}

std::string HotPath::recover(bool sealed) {
    if (stage_.out().decisions.size() != 1 || !stage_.out().decisions.front().send())
        throw std::runtime_error{why_nothing(stage_.out())};
    const strategy::Decision decision = stage_.out().decisions.front();
    if (!sealed) stage_.seal();
    stage_.answer_reads();
    stage_.begin_block();
    const PaddedFrame calm{stage_.price_frame(Market::kCalmPrice)};
    stage_.tell(LogSeen{decoded(calm.text())});
    stage_.seal();
    stage_.expire(decision);
    stage_.answer_reads();
    stage_.tell(Tick{});
    stage_.answer_reads();
    stage_.out().clear();
    rehearse();
    return std::string{calm.text()};
}

/// As a keeper does ten times a second.
void HotPath::rehearse() {
    auto decision = stage_.engine().rehearse();
    if (!decision) throw std::runtime_error{"nobody is near"};
    const auto made = rehearsal_.sign(stage_.head(), std::move(decision->calldata), decision->gas_limit);
    if (!made || rpc::requests::send_raw_transaction(0, made->raw).empty())
        throw std::runtime_error{"the rehearsal was not signed"};
}

__attribute__((noinline)) std::string measured_event(HotPath& path, std::string_view frame, bool seal) {
    return path.answer(frame, seal);
}

}  // namespace plimsoll::bench
