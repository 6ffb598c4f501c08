// SPDX-License-Identifier: Apache-2.0
// What the answers say about a pool, step by step.
#include "strategy/routes/pool_reader.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::uint64_t kLargerSample = 64;

}  // namespace

void PoolReader::take(Job& job, const Task& task, bool success, BytesView data) {
    if (!job.fault.empty()) return;
    const auto settle = [&](auto&& read, auto&& store) {
        if (!success) {
            job.fault = "a call reverted";
        } else if (!read) {
            job.fault = read.error().context;
        } else {
            store(*read);
        }
    };
    uniswap_v3::PoolState& draft = job.draft;
    switch (task.ask) {
        case Ask::slot0:
            return settle(uniswap_v3::read_slot0(data), [&](const uniswap_v3::Slot& slot) {
                draft.slot.sqrt_price = slot.sqrt_price;
                draft.slot.tick = slot.tick;
            });
        case Ask::liquidity:
            return settle(uniswap_v3::read_liquidity(data),
                          [&](u128 value) { draft.slot.liquidity = value; });
        case Ask::spacing:
            return settle(uniswap_v3::read_tick_spacing(data), [&](uniswap_v3::Tick spacing) {
                if (spacing != draft.liquidity.spacing()) job.fault = "another tick spacing than its tier's";
            });
        case Ask::word:
            return settle(uniswap_v3::read_word(data), [&](const U256& word) {
                for (unsigned bit = 0; bit < 256; ++bit) {
                    if (word.bit(bit))
                        job.initialised.push_back((task.at * 256 + static_cast<uniswap_v3::Tick>(bit)) *
                                                  draft.liquidity.spacing());
                }
            });
        case Ask::tick:
            return settle(uniswap_v3::read_tick_info(data, task.at),
                          [&](const uniswap_v3::InitialisedTick& tick) { job.ticks.push_back(tick); });
        case Ask::quote:
            return take_quote(job, task, success, data);
    }
}

void PoolReader::take_quote(Job& job, const Task& task, bool success, BytesView data) {
    if (success && data.empty()) {  // no contract there
        quoter_missing_ = true;
        return;
    }
    ++compared_;
    const auto theirs = uniswap_v3::read_quote(data);
    if (success && theirs && theirs->out == task.expected_out && theirs->sqrt_price == task.expected_price)
        return;
    const std::string said = success && theirs ? to_decimal(theirs->out.raw()) : std::string{"nothing"};
    job.fault =
        "QuoterV2 answers " + said + " where " + to_decimal(task.expected_out.raw()) + " was computed";
}

void PoolReader::advance(PoolId pool, PoolTable& pools) {
    Job& job = jobs_.at(pool);
    if (!job.fault.empty()) {
        refusals_.push_back("pool " + to_string(pools.address(pool)) + " is not used: " + job.fault);
        pools.refuse(pool);
    } else {
        // A step without a question leads on to the next one.
        while (next_step(pool, job, pools)) {
            if (job.left != 0) return;
        }
    }
    jobs_.erase(pool);
}

/// False where nothing more is to be done.
bool PoolReader::next_step(PoolId pool, Job& job, PoolTable& pools) {
    const auto within = [](uniswap_v3::Tick tick) {
        return std::clamp(tick, uniswap_v3::kMinTick, uniswap_v3::kMaxTick);
    };
    if (job.want == Want::check) return false;
    switch (job.step) {
        case Step::facts:
            job.step = Step::words;
            if (job.want != Want::whole) return next_step(pool, job, pools);
            job.first_word = job.draft.liquidity.word_of(within(job.draft.slot.tick - kReach));
            job.last_word = job.draft.liquidity.word_of(within(job.draft.slot.tick + kReach));
            ask_words(pool, job);
            return true;
        case Step::words:
            job.step = Step::ticks;
            for (const uniswap_v3::Tick tick : job.initialised)
                ask(job, Task{pool, Ask::tick, tick, 0, {}, {}, {}});
            return true;
        case Step::ticks:
            job.step = Step::quotes;
            keep(pool, job, pools);
            return job.left != 0;
        case Step::quotes:
            return false;
    }
    return false;
}

/// What was overtaken by an event is asked for again.
void PoolReader::keep(PoolId pool, Job& job, PoolTable& pools) {
    if (job.want != Want::whole) {
        if (!pools.learn(pool, job.versions, job.first_word, job.last_word, job.ticks))
            want_more(pool, job.want == Want::lower);
        return;
    }
    job.draft.liquidity.learn(job.first_word, job.last_word, job.ticks);
    if (pools.store(pool, job.versions, job.draft)) ask_quotes(pool, job, pools);
}

/// The pool stands as it did at the job's block, so that this is what QuoterV2 must answer there.
void PoolReader::ask_quotes(PoolId pool, Job& job, const PoolTable& pools) {
    for (const DirectionId direction : {pool * 2, pool * 2 + 1}) {
        const TokenAmount sample = job.samples.at(direction % 2);
        if (sample.is_zero()) continue;
        for (const std::uint64_t times : {std::uint64_t{1}, kLargerSample}) {
            Task task{pool, Ask::quote, 0, direction, TokenAmount{sample.raw() * U256{times}}, {}, {}};
            const uniswap_v3::SwapOutcome ours = pools.sell(direction, task.amount, {});
            if (ours.end != uniswap_v3::SwapEnd::filled) continue;
            task.expected_out = TokenAmount{ours.amount_out};
            task.expected_price = ours.after.sqrt_price;
            ask(job, task);
        }
    }
}

}  // namespace plimsoll::strategy
