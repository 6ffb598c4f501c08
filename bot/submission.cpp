// SPDX-License-Identifier: Apache-2.0
#include "bot/submission.hpp"

#include "bot/send_class.hpp"
#include "chain/async/deadline.hpp"
#include "chain/rpc/needed_fee_hint.hpp"
#include "signer/remote_signing.hpp"
#include "signer/signing.hpp"

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

namespace plimsoll::bot {

namespace {

signer::Receipt to_signer(rpc::Receipt receipt) {
    signer::Receipt out;
    out.transaction_hash = receipt.transaction_hash;
    out.block_hash = receipt.block_hash;
    out.block_number = receipt.block_number;
    out.success = receipt.succeeded;
    out.gas_used = receipt.gas_used;
    out.effective_gas_price = receipt.effective_gas_price;
    out.data_fee = receipt.l1_fee + receipt.operator_fee;
    out.logs = std::move(receipt.logs);
    return out;
}

}  // namespace

Submission::Submission(const signer::SchedulerOptions& options, const signer::Policy& policy, KeyHolder key,
                       Parts parts, SubmissionListener listener)
    : scheduler_{options, parts.defects == nullptr ? signer::SchedulerDefects{} : *parts.defects},
      policy_{policy},
      key_{std::move(key)},
      parts_{std::move(parts)},
      spends_{parts_.spend_limits},
      listener_{std::move(listener)} {
    const auto* const local = std::get_if<signer::Key>(&key_);
    if (local != nullptr && parts_.post) beside_ = std::make_unique<SigningThread>(*local, parts_.post);
}

void Submission::on(signer::SignerEvent event) {
    inbox_.push_back(std::move(event));
    if (!draining_) drain();
}

void Submission::drain() {
    turn([this] {
        for (;;) {
            if (parts_.before_step) parts_.before_step();
            if (inbox_.empty()) return;
            const signer::SignerEvent next = std::move(inbox_.front());
            inbox_.pop_front();
            watch_spending(next);
            act([this, &next](signer::Actions& actions) { scheduler_.on(next, actions); });
        }
    });
}

template <class Steps>
void Submission::turn(const Steps& steps) {
    ++turns_;
    steps();
    if (--turns_ == 0 && parts_.after_steps) parts_.after_steps();
}

template <class Step>
void Submission::act(const Step& step) {
    draining_ = true;
    signer::Actions actions = std::move(actions_);
    actions.clear();
    step(actions);
    for (const signer::Action& action : actions)
        carry_out(action);
    actions_ = std::move(actions);
    draining_ = false;
}

signer::ArmedSlot Submission::arm(signer::Intent intent) {
    signer::ArmedSlot out;
    turn([&] {
        if (parts_.before_step) parts_.before_step();
        act([&](signer::Actions& actions) { out = scheduler_.arm(std::move(intent), actions); });
        drain();
    });
    return out;
}

bool Submission::fire(signer::ArmedSlot slot) {
    bool out = false;
    turn([&] {
        if (parts_.before_step) parts_.before_step();
        act([&](signer::Actions& actions) { out = scheduler_.fire(slot, actions); });
        drain();
    });
    return out;
}

void Submission::disarm(signer::ArmedSlot slot) {
    turn([&] {
        if (parts_.before_step) parts_.before_step();
        act([&](signer::Actions& actions) { scheduler_.disarm(slot, actions); });
        drain();
    });
}

void Submission::carry_out(const signer::Action& action) {
    std::visit(
        [this](const auto& one) {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, signer::Report>) {
                listener_.on_report(one);
            } else if constexpr (std::is_same_v<T, signer::Declined>) {
                listener_.on_declined(one);
            } else if constexpr (std::is_same_v<T, signer::Notice>) {
                listener_.on_notice(one);
            } else if constexpr (!std::is_same_v<T, signer::Wait>) {  // a Tick comes every second anyway
                carry_out(one);
            }
        },
        action);
}

/// An hour is an hour of this machine: what a block says of time could make a window forget what was spent.
void Submission::watch_spending(const signer::SignerEvent& event) {
    if (const auto* tick = std::get_if<signer::Tick>(&event)) spends_.at(tick->now);
    if (const auto* recovered = std::get_if<signer::Recovered>(&event)) spends_.restore(recovered->state);
}

void Submission::carry_out(const signer::Sign& sign) {
    if (held_back(sign)) return;
    const auto* const key = std::get_if<signer::Key>(&key_);
    if (key == nullptr) {
        parts_.tasks.spawn(sign_remotely(sign));
    } else if (beside_ != nullptr && (signed_in_turn_ || beside_->open() != 0)) {
        sign_beside(*key, sign);
    } else {
        sign_here(*key, sign);
    }
}

/// To wake another thread for a single signature would take longer than it saves.
void Submission::sign_here(const signer::Key& key, const signer::Sign& sign) {
    if (beside_ != nullptr) {
        signed_in_turn_ = true;
        beside_->next_turn([this] { signed_in_turn_ = false; });
    }
    take(sign, signer::approve_and_sign(policy_, spends_, key, sign.attempt, sign.purpose, sign.fields,
                                        sign.data_fee));
}

/// Charged and approved here and now, in order; what comes back is an event like any other.
void Submission::sign_beside(const signer::Key& key, const signer::Sign& sign) {
    auto approved =
        signer::approve_for(policy_, spends_, key, sign.attempt, sign.purpose, sign.fields, sign.data_fee);
    if (!approved) {
        take(sign, tl::make_unexpected(std::move(approved).error()));
        return;
    }
    beside_->sign(*std::move(approved), [this, sign](SigningThread::Made made) {
        if (!held_back(sign)) take(sign, std::move(made));
    });
}

/// Refuses what the kill switch does not let through.
bool Submission::held_back(const signer::Sign& sign) {
    if (!cancels_only_ || sign.purpose == signer::Purpose::cancel) return false;
    spends_.release(sign.attempt);
    on(signer::SignRefused{sign.attempt, {signer::RefusalReason::killed, "the kill switch is set"}});
    return true;
}

void Submission::take(const signer::Sign& sign,
                      tl::expected<signer::SignedTransaction, signer::Refusal> result) {
    if (!result) {
        spends_.release(sign.attempt);
        on(signer::SignRefused{sign.attempt, std::move(result).error()});
        return;
    }
    listener_.on_signed(sign, *result);
    on(signer::Signed{sign.attempt, *std::move(result)});
}

/// While the signer is down the attempt waits for a while, and its nonce with it; then the scheduler decides.
/// Whatever is already signed goes on without the signer.
async::Task<void> Submission::sign_remotely(signer::Sign sign) {
    using Clock = std::chrono::steady_clock;
    using signer::RefusalReason;
    constexpr std::chrono::milliseconds kFirstPause{100};
    constexpr std::chrono::milliseconds kLongestPause{2'000};
    constexpr std::chrono::seconds kPatience{10};
    const auto approved = policy_.approve(spends_, sign.attempt, sign.purpose, sign.fields, sign.data_fee);
    if (!approved) {
        take(sign, tl::make_unexpected(approved.error()));
        co_return;
    }
    RemoteKey& key = **std::get_if<std::unique_ptr<RemoteKey>>(&key_);
    const Clock::time_point began = Clock::now();
    std::chrono::milliseconds pause = kFirstPause;
    for (;;) {
        const Result<Bytes> answer = co_await key.sign(*approved);
        if (held_back(sign)) co_return;
        if (answer) {
            Result<signer::SignedTransaction> made =
                signer::check_signed(*answer, approved->fields(), key.address());
            if (made) {
                take(sign, *std::move(made));
                co_return;
            }
            if (listener_.on_signer_trouble) listener_.on_signer_trouble(made.error().context);
            take(sign, tl::make_unexpected(
                           signer::Refusal{RefusalReason::signer_lied, std::move(made).error().context}));
            co_return;
        }
        if (listener_.on_signer_trouble) listener_.on_signer_trouble(answer.error().context);
        const bool final = answer.error().code == Errc::rpc_rejected || Clock::now() - began > kPatience;
        if (final) {
            take(sign,
                 tl::make_unexpected(signer::Refusal{RefusalReason::key_failed, answer.error().context}));
            co_return;
        }
        co_await async::sleep_for(pause);
        pause = std::min(2 * pause, kLongestPause);
    }
}

void Submission::write(std::vector<signer::JournalEntry> entries, JournalThread::Done done) {
    parts_.journal.write(std::move(entries), [alive = std::weak_ptr<int>{alive_},
                                              done = std::move(done)](const Result<void>& written) {
        if (!alive.expired()) done(written);
    });
}

void Submission::carry_out(const signer::Persist& persist) {
    const signer::AttemptId id = persist.row.id;
    write({signer::InsertAttempt{persist.row}}, [this, id](const Result<void>& written) {
        if (written) {
            on(signer::Persisted{id});
        } else {
            on(signer::PersistFailed{id, written.error().context});
        }
    });
}

void Submission::carry_out(const signer::Reserve& reserve) {
    const Nonce through = reserve.through;
    write({signer::ReserveNonces{through}}, [this, through](const Result<void>& written) {
        if (written) {
            on(signer::Reserved{through});
        } else {
            on(signer::PersistFailed{0, written.error().context});
        }
    });
}

void Submission::carry_out(const signer::Record& record) {
    for (const signer::JournalEntry& entry : record.entries) {
        if (const auto* update = std::get_if<signer::UpdateAttempt>(&entry)) spends_.note(*update);
    }
    write(record.entries, [this](const Result<void>& written) {
        if (!written) on(signer::PersistFailed{0, written.error().context});
    });
}

void Submission::carry_out(const signer::Discarded& discarded) {
    spends_.release(discarded.attempt);
}

void Submission::carry_out(const signer::Send& one) {
    parts_.tasks.spawn(send(one));
}

void Submission::carry_out(const signer::Query& query) {
    if (const auto* receipt = std::get_if<signer::ReceiptQuery>(&query)) {
        parts_.tasks.spawn(ask_receipt(*receipt));
    } else {
        parts_.tasks.spawn(ask_nonces());
    }
}

async::Task<void> Submission::send(signer::Send one) {
    const rpc::SendAnswer answer = co_await parts_.network.send(one);
    const signer::SendClass meaning = send_class(answer, one.hash);
    listener_.on_sent(one, meaning, answer.text);
    signer::SendResult result{one.attempt, meaning, answer.text};
    const bool low =
        meaning == signer::SendClass::underpriced || meaning == signer::SendClass::replacement_underpriced;
    if (low) result.needed = rpc::parse_needed_fee(answer.text);
    on(std::move(result));
}

async::Task<void> Submission::ask_receipt(signer::ReceiptQuery query) {
    Result<std::optional<rpc::Receipt>> answer = co_await parts_.network.receipt(query.transaction_hash);
    if (!answer) co_return;  // asked again at the next head
    signer::ReceiptSeen seen;
    seen.transaction_hash = query.transaction_hash;
    seen.asked_at = query.head;
    const bool landed = answer->has_value();
    if (landed) seen.receipt = to_signer(**std::move(answer));
    on(std::move(seen));
    if (landed || !query.pool) co_return;
    const Result<bool> pooled = co_await parts_.network.in_pool(query.transaction_hash);
    if (pooled && *pooled) on(signer::PoolSeen{query.transaction_hash});
}

async::Task<void> Submission::ask_nonces() {
    const Result<NonceCounts> counts = co_await parts_.network.nonces(address_of(key_));
    if (counts) on(signer::NonceRead{counts->latest, counts->pending});
}

}  // namespace plimsoll::bot
