// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include "config/keys/keys.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::config {
namespace {

template <auto List>
constexpr Table repeated(std::string_view name, std::span<const Key> (*keys)(), std::size_t most,
                         bool needed) {
    return Table{name,
                 keys,
                 [](Config& config) { (config.*List).emplace_back(); },
                 [](const Config& config) { return (config.*List).size(); },
                 [](Config& config) { (config.*List).clear(); },
                 most,
                 needed};
}

constexpr std::array kTables{
    Table{"keeper", keeper_keys},
    Table{"chain", chain_keys},
    repeated<&Config::endpoints>("endpoint", endpoint_keys, 16, true),
    repeated<&Config::lanes>("lane", lane_keys, 16, false),
    Table{"signer", signer_keys},
    Table{"executor", executor_keys},
    repeated<&Config::venues>("venue", venue_keys, 64, true),
    Table{"uniswap_v3", uniswap_v3_keys},
    Table{"routes", routes_keys},
    Table{"flash", flash_keys},
    Table{"strategy", strategy_keys},
    Table{"prices", prices_keys},
    repeated<&Config::price_guards>("price_guard", price_guard_keys, 256, false),
    Table{"risk", risk_keys},
    Table{"execution", execution_keys},
    Table{"fork", fork_keys},
    Table{"log", log_keys},
};

std::vector<Key> all_keys() {
    std::vector<Key> out;
    for (const Table& table : kTables) {
        const std::span<const Key> keys = table.keys();
        out.insert(out.end(), keys.begin(), keys.end());
    }
    return out;
}

}  // namespace

std::span<const Table> tables() {
    return kTables;
}

std::span<const Key> keys() {
    static const std::vector<Key> kAll = all_keys();
    return kAll;
}

const Table* find_table(std::string_view name) {
    const auto found = std::ranges::find(kTables, name, &Table::name);
    return found == kTables.end() ? nullptr : &*found;
}

const Key* find_key(std::string_view table, std::string_view name) {
    const std::span<const Key> all = keys();
    const auto found =
        std::ranges::find_if(all, [&](const Key& key) { return key.table == table && key.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace plimsoll::config
