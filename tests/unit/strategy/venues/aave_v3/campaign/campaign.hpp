// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace plimsoll::strategy::aave_v3::campaign {

/// Something wrong that is put between the venue and the campaign, to see that the campaign finds it.
enum class Mistake : std::uint8_t {
    none,
    forgets_touched,  // who sank by a deed of their own is not told
    loose_bound,      // who is less than a thousandth below the line is not told
    eager_bound,      // somebody less than a thousandth above the line is told
    loses_log,        // one log in a while does not reach the venue
    keeps_undone,     // a block is undone that the venue goes on with
};

struct Plan {
    std::uint64_t seed = 1;
    std::uint64_t revision = 10;  // POOL_REVISION
    std::size_t accounts = 10'000;
    std::size_t events = 10'000;
    Mistake mistake = Mistake::none;
};

/// What came of one campaign.
struct Outcome {
    std::string broken;  // the first promise that was, with all that is needed to see it again; empty if kept
    std::size_t events{};
    std::size_t told{};         // accounts named by the venue
    std::size_t newcomers{};    // of them, below the line and not known to be
    std::size_t undone{};       // blocks
    std::size_t looks{};        // at what changed
    std::size_t sweeps{};       // looks at everybody
    std::size_t what_ifs{};     // looks at prices of no block yet
    std::size_t checkpoints{};  // comparisons of the whole book with the campaign's own record
    std::size_t most_below{};   // accounts below the line at once
};

/// Random events on a market of kReserves reserves, told to a real AaveV3Venue as an engine tells them, with
/// the same looks in between. After each event
/// * who the keeper takes for liquidatable (what the venue told since the last sweep, less who recovered) is
///   compared with `account_data` of every account of the venue's book, in a plain loop over reserves accrued
///   anew: nobody is told who is not liquidatable, and nobody is missing whom the event may have sunk; after
///   a look at everybody, nobody at all;
/// * the accounts that the event changed are compared with the campaign's own record, and at checkpoints
///   everybody: a book made of that record, in 256 bits throughout, against the venue's;
/// * once a block's prices were read, they are compared with the campaign's own oracle.
/// The record is independent of book, journal, log decoding and price leaves; it shares with them the 256-bit
/// primitives of math.hpp and the plain structs. The comparison of each event shares account_data, which is
/// tested against the contracts elsewhere; it shares nothing with whatever tells the venue whom to look at.
[[nodiscard]] Outcome run(const Plan& plan);

}  // namespace plimsoll::strategy::aave_v3::campaign
