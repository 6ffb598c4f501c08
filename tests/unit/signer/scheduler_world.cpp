// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace plimsoll::signer {

World::World(SchedulerOptions options) : scheduler_{options} {}

const Key& World::key() {
    static const Key made = [] {
        std::array<std::uint8_t, 32> secret{};
        secret.fill(0x21);
        return Key::from_secret(Secret{secret}).value();
    }();
    return made;
}

Address World::executor() {
    Address out;
    out.bytes.fill(0xEE);
    return out;
}

SchedulerOptions World::default_options() {
    SchedulerOptions out;
    out.chain = ChainId{31337};
    out.sender = key().address();
    out.fees = FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}};
    return out;
}

PolicyLimits World::limits() {
    PolicyLimits out;
    out.chain = ChainId{31337};
    out.sender = key().address();
    out.executor = executor();
    out.selector = {1, 2, 3, 4};
    out.max_gas = Gas{2'000'000};
    out.max_fee_per_gas = to_wei(Gwei{100});
    out.max_spend = cost(Gas{2'000'000}, to_wei(Gwei{100}));
    return out;
}

Intent World::intent(std::uint64_t id, std::uint8_t account, std::uint64_t last_block, std::uint64_t value) {
    Intent out;
    out.id = id;
    out.key.chain = ChainId{31337};
    out.key.account.bytes[19] = account;
    out.to = executor();
    out.calldata = {1, 2, 3, 4, account};
    out.gas_limit = Gas{500'000};
    out.last_block = BlockNumber{last_block};
    out.value_at_stake = Usd{value};
    return out;
}

void World::start() {
    event(Recovered{});
    nonces(0, 0);
    head(100);
    ASSERT_EQ(scheduler_.state(), KeyState::ready) << scheduler_.state_reason();
    questions();
}

void World::event(const SignerEvent& event) {
    last_.clear();
    if (const auto* recovered = std::get_if<Recovered>(&event)) spends_.restore(recovered->state);
    scheduler_.on(event, last_);
    carry_out_all();
}

ArmedSlot World::arm(const Intent& intent) {
    last_.clear();
    const ArmedSlot out = scheduler_.arm(intent, last_);
    carry_out_all();
    return out;
}

bool World::fire(ArmedSlot slot) {
    last_.clear();
    const bool out = scheduler_.fire(slot, last_);
    carry_out_all();
    return out;
}

void World::disarm(ArmedSlot slot) {
    last_.clear();
    scheduler_.disarm(slot, last_);
    carry_out_all();
}

void World::carry_out_all() {
    const Actions actions = last_;
    for (const Action& action : actions)
        carry_out(action);
}

void World::carry_out(const Sign& sign) {
    if (signer_down_) {
        event(SignRefused{sign.attempt, Refusal{RefusalReason::key_failed, "connection refused"}});
        return;
    }
    auto made =
        approve_and_sign(policy_, spends_, key(), sign.attempt, sign.purpose, sign.fields, sign.data_fee);
    if (made) {
        event(Signed{sign.attempt, *std::move(made)});
    } else {
        event(SignRefused{sign.attempt, made.error()});
    }
}

void World::carry_out(const Send& send) {
    // The rule above all, checked for every send of every scenario.
    EXPECT_TRUE(durable_[send.attempt]) << "sent before it was durable: attempt " << send.attempt;
    const AttemptRow& row = rows_[send.attempt];
    EXPECT_EQ(row.hash, send.hash);
    if (row.status == AttemptStatus::armed) {
        EXPECT_EQ(decode_unsigned(row.raw).value(), decode_transaction(send.raw).value().fields);
    } else {
        EXPECT_EQ(row.raw, send.raw) << "other bytes than the journal's";
    }
    sends_.push_back(send);
}

void World::carry_out(const Action& action) {
    if (const auto* reserve = std::get_if<Reserve>(&action)) {
        reserves_.push_back(reserve->through);
        if (answer_reserves_) event(Reserved{reserve->through});
    } else if (const auto* sign = std::get_if<Sign>(&action)) {
        carry_out(*sign);
    } else if (const auto* persist = std::get_if<Persist>(&action)) {
        persists_.push_back(persist->row.id);
        rows_[persist->row.id] = persist->row;
    } else if (const auto* send = std::get_if<Send>(&action)) {
        carry_out(*send);
    } else if (const auto* record = std::get_if<Record>(&action)) {
        for (const JournalEntry& entry : record->entries) {
            if (const auto* update = std::get_if<UpdateAttempt>(&entry)) {
                spends_.note(*update);
                records_.push_back(*update);
            }
            if (const auto* end = std::get_if<EndIntent>(&entry)) ends_.push_back(*end);
        }
    } else if (const auto* discarded = std::get_if<Discarded>(&action)) {
        spends_.release(discarded->attempt);
    } else if (const auto* report = std::get_if<Report>(&action)) {
        reports_.push_back(*report);
    } else if (const auto* declined = std::get_if<Declined>(&action)) {
        declined_.push_back(*declined);
    } else if (const auto* notice = std::get_if<Notice>(&action)) {
        notices_.push_back(*notice);
    } else if (const auto* query = std::get_if<Query>(&action)) {
        if (const auto* receipt = std::get_if<ReceiptQuery>(query))
            questions_.push_back(receipt->transaction_hash);
    }
}

void World::persist_one() {
    ASSERT_FALSE(persists_.empty());
    const AttemptId id = persists_.front();
    persists_.erase(persists_.begin());
    durable_[id] = true;
    event(Persisted{id});
}

void World::persist_all() {
    while (!persists_.empty())
        persist_one();
}

Hash32 World::block_hash(std::uint64_t number, std::uint8_t branch) {
    Hash32 out = Hash32::from_u256(U256{number});
    out.bytes[0] = 0xB0;
    out.bytes[1] = branch;
    return out;
}

void World::head(std::uint64_t number, std::uint64_t base_fee) {
    Head head;
    head.number = BlockNumber{number};
    head.hash = block_hash(number);
    head.parent_hash = block_hash(number - 1);
    head.base_fee = to_wei(Gwei{base_fee});
    head.gas_limit = Gas{30'000'000};
    head.gas_used = Gas{15'000'000};
    head_number_ = head.number;
    event(HeadSeen{head});
}

void World::quiet_head(std::uint64_t number, std::uint64_t latest) {
    questions();
    head(number);
    nonces(latest, latest);
    for (const Hash32& hash : questions())
        no_receipt(hash);
}

void World::answer(const Send& send, SendClass result, const std::string& text) {
    event(SendResult{send.attempt, result, text});
}

void World::land(const Hash32& transaction, std::uint64_t block, bool success, std::uint8_t branch) {
    Receipt receipt;
    receipt.transaction_hash = transaction;
    receipt.block_hash = block_hash(block, branch);
    receipt.block_number = BlockNumber{block};
    receipt.success = success;
    receipt.gas_used = Gas{400'000};
    receipt.effective_gas_price = to_wei(Gwei{11});
    event(ReceiptSeen{transaction, receipt, head_number_});
}

Send World::sent(std::uint64_t id, std::uint8_t account, std::uint64_t last_block) {
    submit(id, account, last_block);
    persist_all();
    const std::vector<Send> out = sends();
    EXPECT_EQ(out.size(), 1U);
    return out.empty() ? Send{} : out.back();
}

}  // namespace plimsoll::signer
