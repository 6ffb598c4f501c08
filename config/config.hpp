// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/units.hpp"
#include "config/url.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::config {

enum class Mode : std::uint8_t { dry_run, live };
enum class SignerType : std::uint8_t { none, dev };
enum class VenueKind : std::uint8_t { aave_v3 };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };
enum class LogFormat : std::uint8_t { automatic, pretty, logfmt, json };

/// A number of blocks, as a distance.
using Blocks = Count<struct BlocksTag>;

struct Keeper {
    Mode mode{};
    std::string data_dir;
};

struct Chain {
    ChainId id;
    std::chrono::milliseconds block_time{};
};

struct Endpoint {
    std::string name;
    Url ws;
};

struct Signer {
    SignerType type{};
};

struct Executor {
    Address address;
    /// Whom a dry run without a key simulates as; with a key it is the key's own address.
    std::optional<Address> operator_address;
};

struct Venue {
    VenueKind kind{};
    std::string name;
    Address pool;
    BlockNumber start_block;
};

struct UniswapV3 {
    Address factory;
    Address quoter;
    Address router;
};

struct Strategy {
    Usd min_profit;    // after every cost
    bool speculate{};  // act on what-if prices of unsealed blocks
    Wad health_watch;  // accounts below this are counted as near and kept armed
};

struct Execution {
    Wei max_fee_per_gas;  // absolute cap, wei per gas
    Wei priority_fee;     // wei per gas
    Blocks replace_after;
    Blocks deadline;
    std::uint32_t max_pending{};
};

/// What the command `fork` needs.
struct Fork {
    std::string anvil;
};

struct Logging {
    LogLevel level{};
    LogFormat format{};
    std::chrono::milliseconds summary_every{};
};

/// Everything an operator can set. Values come from the schema's defaults and the file; `defaults()` gives
/// the former.
struct Config {
    Keeper keeper;
    Chain chain;
    std::vector<Endpoint> endpoints;
    Signer signer;
    Executor executor;
    std::vector<Venue> venues;
    UniswapV3 uniswap_v3;
    Strategy strategy;
    Execution execution;
    Fork fork;
    Logging log;
};

[[nodiscard]] std::string_view to_string(Mode mode) noexcept;
[[nodiscard]] std::string_view to_string(SignerType type) noexcept;
[[nodiscard]] std::string_view to_string(VenueKind kind) noexcept;
[[nodiscard]] std::string_view to_string(LogLevel level) noexcept;
[[nodiscard]] std::string_view to_string(LogFormat format) noexcept;

}  // namespace plimsoll::config
