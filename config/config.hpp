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
/// Whose addresses and facts are built in; `custom` has none.
enum class Network : std::uint8_t { custom, mainnet, arbitrum, base, optimism, devnet };
enum class SignerType : std::uint8_t { none, dev, keystore, remote };
enum class VenueKind : std::uint8_t { aave_v3 };
enum class LaneType : std::uint8_t { public_, private_, bundle };
/// Who is first in a block of the chain.
enum class Ordering : std::uint8_t { first_come, priority_auction };
enum class HotThread : std::uint8_t { off, epoll, spin };
/// Who charges for a transaction's bytes beside its gas.
enum class DataFee : std::uint8_t { none, op_stack, arbitrum };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };
enum class LogFormat : std::uint8_t { automatic, pretty, logfmt, json };

/// A number of blocks, as a distance.
using Blocks = Count<struct BlocksTag>;
/// An amount of the chain's native coin, in wei.
using NativeAmount = Quantity<struct NativeAmountUnit>;

struct Keeper {
    Mode mode{};
    std::string data_dir;
    std::string witness;                         // path; empty: `witness` in the data folder
    std::chrono::milliseconds snapshot_every{};  // zero: none is written
    std::string kill_switch;                     // path; empty: `kill` in the data folder
};

struct Chain {
    Network network{};
    ChainId id;
    std::chrono::milliseconds block_time{};
    Blocks undo_blocks;                          // sealed blocks that can be undone one by one
    std::chrono::milliseconds max_clock_skew{};  // zero: not looked at
    bool single_endpoint{};                      // one is enough to send by, an operator says
    std::optional<Address> wrapped_native;
    std::optional<Address> multicall3;
    std::uint32_t fee_elasticity{};  // EIP-1559: gas limit over gas target; zero: fees do not follow the load
    std::uint32_t fee_denominator{};  // EIP-1559: a full block raises the fee by (elasticity - 1) / this
    DataFee data_fee{};
    std::optional<Address> sequencer_feed;        // Chainlink's uptime feed of the rollup's sequencer
    std::chrono::milliseconds sequencer_grace{};  // after it is back
};

/// One node, by up to three ways to it; at least one is given.
struct Endpoint {
    std::string name;
    Url ws;                            // empty: not given
    Url http;                          // likewise
    std::string ipc;                   // path of a Unix socket; likewise
    std::vector<std::string> headers;  // "Name: value", secret
    std::string ca_file;               // PEM; empty: the system's authorities
    std::chrono::milliseconds startup_timeout{};
    std::uint32_t requests_per_second{};  // zero: no budget of ours
    bool pending{};                       // it is asked for full pending transactions
};

/// A way to submit. Without any, everything goes to all endpoints.
struct Lane {
    std::string name;
    LaneType type{};
    Url url;                           // of a relay; empty for the public lane
    std::string auth_key_file;         // key that signs requests to the relay; empty: none do
    std::vector<std::string> headers;  // "Name: value", secret
    std::string ca_file;               // PEM; empty: the system's authorities
    Blocks after;                      // how long a nonce must have been under way before it is seen here
    Blocks blocks;                     // bundle: blocks ahead it is offered for
    bool simulate{};                   // bundle: eth_callBundle first
    BasisPoints builder_share{};       // bundle: of the profit above what must stay, for the builder
};

struct Signer {
    SignerType type{};
    std::string keystore;            // path of a Web3 Secret Storage file
    std::string password_file;       // path of the file that holds its password
    Url url;                         // of a remote signer
    std::optional<Address> address;  // whose key the remote signer holds
    std::string ca_file;             // PEM; the authorities it is believed by; empty: the system's
    std::string client_cert;         // PEM; who we are to it
    std::string client_key;          // PEM; likewise
};

struct Executor {
    Address address;                          // zero: none yet, nothing can be sent
    std::optional<Address> operator_address;  // who is expected to command it
};

struct Venue {
    VenueKind kind{};
    std::string name;
    Address pool;
    std::optional<Address> provider;  // the pool's PoolAddressesProvider, as expected
    BlockNumber start_block;
};

struct UniswapV3 {
    Address factory;
    Address quoter;
    Address router;
};

struct Routes {
    std::vector<Address> intermediates;
};

struct Flash {
    std::optional<Address> balancer_vault;
    std::optional<Address> morpho;
    bool pools = true;
    bool venue = true;
};

struct Strategy {
    Usd min_profit;                // after every cost
    bool speculate{};              // act on what-if prices of unsealed blocks
    Wad health_watch;              // accounts below this are counted as near and kept armed
    Wad audit_health;              // accounts below this are compared with the chain whenever they change
    std::uint32_t audit_sample{};  // accounts compared with the chain each block beside them
};

struct Prices {
    BasisPoints max_deviation;  // from the second source, beyond which nothing is sent; 0: not looked at
};

/// A second source for one asset's price.
struct PriceGuard {
    Address asset;
    Address source;  // a Chainlink-like aggregator proxy: latestAnswer() and decimals()
};

/// Whom and what to leave alone. An empty allow list allows all; a deny list wins.
struct Risk {
    std::vector<Address> allow_assets;
    std::vector<Address> deny_assets;
    std::vector<Address> allow_accounts;
    std::vector<Address> deny_accounts;
    // What gas may cost; zero: no limit.
    NativeAmount max_spend_per_tx;
    NativeAmount max_spend_per_hour;
    NativeAmount max_spend_per_day;
    NativeAmount min_gas_balance;  // of the key; below it nothing new is sent
    // Losses less gains of what landed; zero: no limit.
    Usd max_loss_per_hour;
    Usd max_loss_per_day;
    std::chrono::milliseconds breaker_pause{};
};

struct Execution {
    Wei max_fee_per_gas;  // absolute cap, wei per gas
    Wei priority_fee;     // wei per gas
    Ordering ordering{};
    BasisPoints bid_share;  // of the expected net value, offered as a tip in a priority auction
    Blocks replace_after;
    Blocks deadline;
    std::uint32_t max_pending{};
    std::uint32_t armed{};  // accounts whose transactions are kept signed; 0: none
    HotThread hot_thread{};
    std::uint32_t hot_core{};  // counted from 1; 0: any
    Blocks confirmations;
};

struct Fork {
    std::string anvil;  // name or path of the program
};

struct Logging {
    LogLevel level{};
    LogFormat format{};
    std::chrono::milliseconds summary_every{};
};

/// Everything an operator can set: defaults, then the network's facts, the file, the environment and the
/// command line (`load`).
struct Config {
    Keeper keeper;
    Chain chain;
    std::vector<Endpoint> endpoints;
    std::vector<Lane> lanes;
    Signer signer;
    Executor executor;
    std::vector<Venue> venues;
    UniswapV3 uniswap_v3;
    Routes routes;
    Flash flash;
    Strategy strategy;
    Prices prices;
    std::vector<PriceGuard> price_guards;
    Risk risk;
    Execution execution;
    Fork fork;
    Logging log;
};

[[nodiscard]] std::string_view to_string(Mode mode) noexcept;
[[nodiscard]] std::string_view to_string(Network network) noexcept;
[[nodiscard]] std::string_view to_string(SignerType type) noexcept;
[[nodiscard]] std::string_view to_string(VenueKind kind) noexcept;
[[nodiscard]] std::string_view to_string(LaneType type) noexcept;
[[nodiscard]] std::string_view to_string(Ordering ordering) noexcept;
[[nodiscard]] std::string_view to_string(HotThread thread) noexcept;
[[nodiscard]] std::string_view to_string(DataFee model) noexcept;
[[nodiscard]] std::string_view to_string(LogLevel level) noexcept;
[[nodiscard]] std::string_view to_string(LogFormat format) noexcept;

}  // namespace plimsoll::config
