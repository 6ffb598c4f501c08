// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kTables{
    Table{"keeper"},
    Table{"chain"},
    Table{"endpoint", true, [](Config& config) { config.endpoints.emplace_back(); }},
    Table{"signer"},
    Table{"executor"},
    Table{"venue", true, [](Config& config) { config.venues.emplace_back(); }},
    Table{"uniswap_v3"},
    Table{"strategy"},
    Table{"execution"},
    Table{"log"},
};

template <auto Section, auto Member>
constexpr auto at = +[](Config& config, std::size_t) -> auto& {
    return config.*Section.*Member;
};
template <auto List, auto Member>
constexpr auto each = +[](Config& config, std::size_t index) -> auto& {
    return (config.*List).at(index).*Member;
};

constexpr Need kAlways{[](const Config&) { return true; }, "always"};
constexpr Need kWithoutKey{[](const Config& config) { return config.signer.type == SignerType::none; },
                           "when signer.type = \"none\""};
constexpr std::string_view kAnAddress = "0x52908400098527886E0F7030069857D2E4169EE7";

constexpr std::array kKeys{
    Key{.table = "keeper",
        .name = "mode",
        .target = at<&Config::keeper, &Keeper::mode>,
        .fallback = "dry-run",
        .help = "`live` sends transactions, and only together with `--live` on the command line"},
    Key{.table = "keeper",
        .name = "data_dir",
        .target = at<&Config::keeper, &Keeper::data_dir>,
        .fallback = ".plimsoll",
        .help = "folder for journal and report; a dry run has its own inside"},

    Key{.table = "chain",
        .name = "id",
        .target = at<&Config::chain, &Chain::id>,
        .example = "31337",
        .least = "1",
        .need = kAlways,
        .help = "EIP-155 chain id, which every endpoint must answer"},
    Key{.table = "chain",
        .name = "block_time",
        .target = at<&Config::chain, &Chain::block_time>,
        .fallback = "12s",
        .least = "100ms",
        .most = "1h",
        .help = "usual time between two blocks"},

    Key{.table = "endpoint",
        .name = "name",
        .target = NameSlot{each<&Config::endpoints, &Endpoint::name>},
        .example = "local",
        .need = kAlways,
        .help = "what the log calls it; the addresses are never printed in full"},
    Key{.table = "endpoint",
        .name = "ws",
        .target = each<&Config::endpoints, &Endpoint::ws>,
        .example = "ws://127.0.0.1:8545",
        .need = kAlways,
        .help = "WebSocket address, for everything that is read and sent"},

    Key{.table = "signer",
        .name = "type",
        .target = at<&Config::signer, &Signer::type>,
        .fallback = "none",
        .help = "`dev` is the well-known key of local development chains and works on nothing else; `none` "
                "can only watch"},

    Key{.table = "executor",
        .name = "address",
        .target = at<&Config::executor, &Executor::address>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "the Executor contract that carries out liquidations"},
    Key{.table = "executor",
        .name = "operator",
        .target = at<&Config::executor, &Executor::operator_address>,
        .example = kAnAddress,
        .need = kWithoutKey,
        .help = "who may call the Executor; simulations are made in its name. With a key it is the key's "
                "address"},

    Key{.table = "venue",
        .name = "kind",
        .target = each<&Config::venues, &Venue::kind>,
        .example = "aave-v3",
        .need = kAlways,
        .help = "the protocol"},
    Key{.table = "venue",
        .name = "name",
        .target = NameSlot{each<&Config::venues, &Venue::name>},
        .example = "aave-v3-main",
        .need = kAlways,
        .help = "what the log calls it"},
    Key{.table = "venue",
        .name = "pool",
        .target = each<&Config::venues, &Venue::pool>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "the market's Pool contract (the proxy)"},
    Key{.table = "venue",
        .name = "start_block",
        .target = each<&Config::venues, &Venue::start_block>,
        .fallback = "0",
        .help = "the block of the Pool's deployment, from which accounts are looked for"},

    Key{.table = "uniswap_v3",
        .name = "factory",
        .target = at<&Config::uniswap_v3, &UniswapV3::factory>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "UniswapV3Factory, where exit pools are found"},
    Key{.table = "uniswap_v3",
        .name = "quoter",
        .target = at<&Config::uniswap_v3, &UniswapV3::quoter>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "QuoterV2, which prices exit swaps"},
    Key{.table = "uniswap_v3",
        .name = "router",
        .target = at<&Config::uniswap_v3, &UniswapV3::router>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "SwapRouter, through which the Executor sells"},

    Key{.table = "strategy",
        .name = "min_profit",
        .target = at<&Config::strategy, &Strategy::min_profit>,
        .fallback = "5 usd",
        .most = "1000000 usd",
        .help = "least net profit of a transaction: after flash fee, swap loss and gas"},
    Key{.table = "strategy",
        .name = "speculate",
        .target = at<&Config::strategy, &Strategy::speculate>,
        .fallback = "false",
        .help =
            "act on prices of blocks that are not complete yet; may cost the gas of a failed transaction"},
    Key{.table = "strategy",
        .name = "health_watch",
        .target = at<&Config::strategy, &Strategy::health_watch>,
        .fallback = "1.1",
        .least = "1",
        .most = "10",
        .help = "accounts with a health factor below this count as near"},

    Key{.table = "execution",
        .name = "max_fee_per_gas",
        .target = at<&Config::execution, &Execution::max_fee_per_gas>,
        .fallback = "200 gwei",
        .least = "1 wei",
        .most = "100000 gwei",
        .help = "above this nothing is signed, whatever the profit"},
    Key{.table = "execution",
        .name = "priority_fee",
        .target = at<&Config::execution, &Execution::priority_fee>,
        .fallback = "1 gwei",
        .most = "100000 gwei",
        .help = "tip of a first attempt"},
    Key{.table = "execution",
        .name = "replace_after",
        .target = at<&Config::execution, &Execution::replace_after>,
        .fallback = "2 blocks",
        .least = "1 block",
        .most = "100 blocks",
        .help = "a transaction that has not landed by then is sent again with higher fees"},
    Key{.table = "execution",
        .name = "deadline",
        .target = at<&Config::execution, &Execution::deadline>,
        .fallback = "5 blocks",
        .least = "1 block",
        .most = "1000 blocks",
        .help = "the Executor refuses a transaction that lands later than this after the decision"},
    Key{.table = "execution",
        .name = "max_pending",
        .target = at<&Config::execution, &Execution::max_pending>,
        .fallback = "16",
        .least = "1",
        .most = "64",
        .help = "most transactions under way at a time"},

    Key{.table = "log",
        .name = "level",
        .target = at<&Config::log, &Logging::level>,
        .fallback = "info",
        .help = "the least important lines that are written"},
    Key{.table = "log",
        .name = "format",
        .target = at<&Config::log, &Logging::format>,
        .fallback = "auto",
        .help = "`auto`: pretty on a terminal, logfmt elsewhere"},
    Key{.table = "log",
        .name = "summary_every",
        .target = at<&Config::log, &Logging::summary_every>,
        .fallback = "60s",
        .least = "1s",
        .most = "1h",
        .help = "one line saying what was seen, sent and skipped"},
};

}  // namespace

std::span<const Table> tables() {
    return kTables;
}

std::span<const Key> keys() {
    return kKeys;
}

const Table* find_table(std::string_view name) {
    const auto found = std::ranges::find(kTables, name, &Table::name);
    return found == kTables.end() ? nullptr : &*found;
}

const Key* find_key(std::string_view table, std::string_view name) {
    const auto found =
        std::ranges::find_if(kKeys, [&](const Key& key) { return key.table == table && key.name == name; });
    return found == kKeys.end() ? nullptr : &*found;
}

}  // namespace plimsoll::config
