// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/base_fee.hpp"
#include "chain/fees/data_fee.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/prices/price_guard.hpp"
#include "strategy/rank/permissions.hpp"
#include "strategy/routes/flash_contracts.hpp"
#include "strategy/routes/uniswap_contracts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// What the engine is told once. The shell fills it from the configuration.
struct EngineParams {
    ChainId chain;
    std::uint64_t block_seconds = 12;  // time from one block to the next, as the next timestamp is guessed
    Address executor;
    Address operator_address;  // who sends; its own liquidations are told apart by it
    UniswapContracts uniswap;
    FlashContracts flash;
    Address native_asset;  // the wrapped native coin; must be a reserve of a venue, its price values the gas

    Usd min_profit{1'00000000};             // least net value of a send
    Wei tip{1'000'000'000};                 // per gas
    Wei max_fee_per_gas{200'000'000'000};   // next base fee + tip above this: Reason::base_fee_cap
    BasisPoints builder_share{};            // of a profit in the wrapped native coin; see least_profit
    Wei max_spend{U256::max()};             // of one transaction, beyond it: Reason::spend_per_tx
    fees::Elasticity elasticity;            // how the base fee follows the load
    fees::DataFeeModel data_fee{};          // what the chain takes for a transaction's bytes
    std::optional<Address> sequencer_feed;  // while it says down nothing is sent: Reason::sequencer_down
    std::uint64_t sequencer_grace = 0;      // seconds after the sequencer is back
    BasisPoints gas_limit_factor{15'000};   // gas limit over expected gas
    /// How far below the expected proceeds the Executor's minimum profit may lie, of the swap's proceeds;
    /// never below gas cost + min_profit (see plan.hpp).
    BasisPoints slippage{100};
    std::uint64_t deadline_blocks = 3;  // a send is of no use after this many further blocks
    std::uint32_t max_decisions_per_block = 64;
    bool speculate = false;  // decide on unsealed price logs, marked as such
    bool dry_run = false;

    std::vector<SecondSource> second_sources;  // read each head; none: no price is guarded
    BasisPoints max_deviation{1'000};  // of an oracle's price from a second source: Reason::price_guard
    std::uint64_t second_source_max_age = 60;  // seconds; at least three blocks are allowed anyway

    /// Accounts nearest their line that are held ready to be sent (Arm), of those below health_watch; 0:
    /// none.
    std::uint32_t armed = 0;
    bool triggers = false;  // and the answers that send them are told (Output::triggers)

    Permissions permissions;  // Reason::denied_asset, denied_account

    Wad audit_health{1'500'000'000'000'000'000};  // accounts below it are compared with the chain first
    std::uint32_t audit_batch = 100;  // accounts compared at each block; those that wait to be sent are extra
    std::uint32_t audit_sample = 2;   // of these, picked by the block's hash; at most 4 for each venue

    Wad health_watch{1'050'000'000'000'000'000};  // accounts below it are counted as watched
    Wad route_health{1'500'000'000'000'000'000};  // pools are known as deep as the accounts below it need
    std::vector<Address> intermediates;       // two hops go through these; none: those with the most pools
    Usd pool_sample{1'000'00000000};          // sold to compare a pool with QuoterV2, and 64 times as much
    std::uint32_t max_reads_outstanding = 8;  // of the pools, at a time
    std::uint32_t undo_depth = 1024;          // sealed blocks that can be undone, if undo_bytes allows
    std::size_t undo_bytes = 64U << 20U;      // memory for that; the oldest blocks are dropped beyond it
    std::uint32_t max_waiting_blocks = 4096;  // sealed blocks that may wait for a bootstrap
};

}  // namespace plimsoll::strategy
