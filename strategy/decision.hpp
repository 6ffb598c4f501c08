// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/quote.hpp"
#include "strategy/reason.hpp"
#include "strategy/routes/flash_source.hpp"
#include "strategy/routes/route.hpp"
#include "strategy/signed_usd.hpp"
#include "strategy/trigger.hpp"
#include "strategy/venue.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plimsoll::strategy {

/// A quote with everything it costs. Amounts in Usd (8 decimals) at the oracle's prices.
struct Opportunity {
    Quote quote;
    Route route;            // empty when collateral and debt are one asset
    FlashSource flash;      // its fee is in units of the debt asset
    TokenAmount swap_out;   // of the debt asset, expected for `quote.seized`
    TokenAmount profit;     // of the debt asset: swap_out - repaid - flash.fee; zero if that is negative
    std::uint32_t ticks{};  // initialised ticks that the swap is expected to cross
    Gas gas;                // expected to be used
    Wei data_fee;           // expected to be taken for the transaction's bytes beside the gas
    Usd gas_cost;           // of both
    BasisPoints builder_share{};  // that the Executor pays of the profit above its minimum
    TokenAmount builder;          // what that comes to, of the debt asset
    SignedUsd net;                // profit - builder - gas
};

/// Send or skip, with the reason. `calldata` is Executor.execute(Plan), filled for a send only. A skip
/// carries the best opportunity that was found, or only the account in `opportunity.quote` where there was
/// none. In dry-run a send is decided exactly as it would be live, once for each version of the account: the
/// shell does not send it.
struct Decision {
    Reason reason{};
    IntentKey key;
    Opportunity opportunity;
    Bytes calldata;
    Gas gas_limit;
    Wei worth;               // the expected net value in the native coin, for a send
    Wei data_fee;            // the most that is expected to be taken for its bytes, for a send
    BlockNumber last_block;  // the Executor refuses later blocks
    Hash32 block_hash;       // state it was decided on
    BlockNumber block_number;
    ReceiveTime triggered;  // receive time of the event that led to it
    bool speculative{};     // decided on an unsealed what-if
    Hash32 behind;          // the transaction, not mined yet, whose price it needs; zero: none
    bool armed{};           // it was told before, by the newest Arm of its key
    [[nodiscard]] bool send() const noexcept { return reason == Reason::none; }
};

/// Ask the signer to hold this ready in place of what it held for the key, or to let go of it. Whether it is
/// sent is decided later.
struct Arm {
    Decision decision;
};
struct Disarm {
    IntentKey key;
};

/// An intent that is not wanted any more: the block it was decided on was undone, and at the newest one its
/// account is healthy.
struct Withdraw {
    IntentKey key;
};

/// What the engine noticed and a person should know; formatted by the shell.
struct Notice {
    enum class Kind : std::uint8_t {
        bootstrap_progress,
        ready,
        leaf_polled,
        account_quarantined,
        venue_stopped,
        pool_refused,
        resync,
        parity_broken  // the text names the account, the term, both values and the block
    };
    Kind kind{};
    VenueId venue{};
    std::string text;
    std::uint64_t done{};
    std::uint64_t total{};
};

/// Collects what one event leads to. Owned by the caller and reused, so that a quiet event allocates nothing.
struct Output {
    std::vector<Decision> decisions;
    std::vector<ReadRequest> reads;
    /// The complete new set, when it changed. It holds for every block whose BlockStarted is told afterwards;
    /// the engine asks for the logs of earlier blocks itself, by a LogQuery.
    std::vector<Watch> watches;
    std::vector<Arm> arms;
    std::vector<Disarm> disarms;
    std::vector<TriggerSet> triggers;  // the newest one holds
    std::vector<Withdraw> withdrawals;
    std::vector<LiquidationSeen> liquidations;
    std::vector<Notice> notices;
    void clear() {
        decisions.clear();
        reads.clear();
        watches.clear();
        arms.clear();
        disarms.clear();
        triggers.clear();
        withdrawals.clear();
        liquidations.clear();
        notices.clear();
    }
};

}  // namespace plimsoll::strategy
