// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "config/config.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace plimsoll::bot {

/// Chain id of the local development chain: the only one on which this version sends.
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
};

/// Live needs keeper.mode = "live" in the file, --live on the command line, a key, and only loopback
/// endpoints of chain 31337. Dry-run otherwise; Errc::refused, with the reason, where the command line
/// demands live and may not have it.
[[nodiscard]] Result<Arming> arming(const config::Config& config, LiveFlag flag,
                                    std::span<const EndpointFacts> endpoints);

}  // namespace plimsoll::bot
