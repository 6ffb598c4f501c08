// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "config/config.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace plimsoll::bot {

/// Chain id of local development chains, on which nothing has a price.
inline constexpr ChainId kDevnetChain{31337};

/// What the command line says about sending.
enum class LiveFlag : std::uint8_t { absent, given, forbidden };  // forbidden: the `dry-run` command

/// What is known of one endpoint once it has answered.
struct EndpointFacts {
    bool loopback{};
    ChainId chain_id;
};

struct Arming {
    config::Mode mode{};
    std::string note;  // why it is not live although one of the two switches says so; empty if nothing is odd
    bool beyond{};     // live, and not on a development chain of this machine: the checklist has to be met
};

/// Live needs keeper.mode = "live" in the file, --live on the command line and a key; `beyond` unless every
/// endpoint is a loopback one of chain 31337, and then `live_checklist` too. Dry-run otherwise;
/// Errc::refused, with the reason, where the command line demands live and may not have it.
[[nodiscard]] Result<Arming> arming(const config::Config& config, LiveFlag flag,
                                    std::span<const EndpointFacts> endpoints);

}  // namespace plimsoll::bot
