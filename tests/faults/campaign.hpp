// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/feed_world.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace plimsoll::faults {

/// What came of one run.
struct RunResult {
    std::uint64_t seed{};
    std::string broken;  // the first promise that was; empty if all were kept
    std::uint64_t steps{};
    std::uint64_t sealed{};
    std::uint64_t undone{};
    std::uint64_t sends{};
    std::uint64_t resyncs{};
    std::uint64_t not_ready{};  // times the readiness went away
};

/// Random faults over two nodes of a model chain, over real sockets: the same seed, the same faults. In the
/// end all is healed, and the consumer must hold what a fresh start would, have applied nothing twice, and
/// have sent nothing while not ready or on a block that is not the chain's.
[[nodiscard]] RunResult run_campaign(std::uint64_t seed, const feed::FeedDefects& defects = {});

/// Several at a time on one event loop, for most of a run is waiting. Stops after the first broken run if
/// asked.
[[nodiscard]] std::vector<RunResult> run_campaigns(std::uint64_t first_seed, std::size_t runs,
                                                   bool stop_at_first, const feed::FeedDefects& defects = {});

}  // namespace plimsoll::faults
