// SPDX-License-Identifier: Apache-2.0
#include "bot/live_checklist.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace plimsoll::bot {
namespace {

/// A configuration with which nothing is missing, and who set it.
struct Ready {
    Ready() {
        config.signer.type = config::SignerType::keystore;
        config.endpoints.resize(2);
        config.endpoints[0].ws = *config::parse_url("wss://one.example/key");
        config.endpoints[1].http = *config::parse_url("https://two.example/key");
        config.chain.max_clock_skew = std::chrono::minutes{2};
        config.keeper.data_dir = "/tmp/plimsoll-no-such-folder";
        config.keeper.witness = "/tmp/plimsoll-no-such-folder-either/witness";
        config.execution.max_fee_per_gas = to_wei(Gwei{100});
        config.risk.max_spend_per_tx = config::NativeAmount{U256{1}};
        config.risk.max_spend_per_hour = config::NativeAmount{U256{2}};
        config.risk.max_spend_per_day = config::NativeAmount{U256{3}};
        config.risk.min_gas_balance = config::NativeAmount{U256{4}};
        config.risk.max_loss_per_hour = Usd{U256{5}};
        config.executor.operator_address = Address{};
        for (const Decided& one : decided_keys())
            origins[{one.table, 0, one.key}] = config::Origin{config::Layer::file, "plimsoll.toml", {}};
    }
    [[nodiscard]] std::set<std::string> failing() const {
        std::set<std::string> out;
        for (const CheckRow& row : live_checklist(config, origins)) {
            EXPECT_EQ(row.fix.empty(), row.status == CheckStatus::ok) << row.name;
            EXPECT_EQ(row.code, row.status == CheckStatus::ok ? ExitCode::ok : ExitCode::refused) << row.name;
            if (row.status != CheckStatus::ok) out.insert(row.name);
        }
        out.erase("core dumps");  // the tests' own process may be dumped
        return out;
    }
    config::Config config;
    config::Origins origins;
};

TEST(LiveChecklist, NothingIsMissing) {
    EXPECT_EQ(Ready{}.failing(), std::set<std::string>{});
}

TEST(LiveChecklist, AnEmptyConfigurationIsFarFromIt) {
    const std::vector<CheckRow> rows = live_checklist({}, {});
    const std::optional<std::string> why = why_not_live(rows);
    ASSERT_TRUE(why);
    for (const Decided& one : decided_keys())
        EXPECT_NE(why->find(one.fix), std::string::npos) << *why;
    EXPECT_FALSE(why_not_live({}));
}

TEST(LiveChecklist, EachRowIsAboutOneThing) {
    const std::vector<std::pair<std::string, std::function<void(Ready&)>>> cases{
        {"signer.type", [](Ready& r) { r.config.signer.type = config::SignerType::dev; }},
        {"signer.type", [](Ready& r) { r.config.signer.type = config::SignerType::none; }},
        {"endpoints", [](Ready& r) { r.config.endpoints.resize(1); }},
        {"encryption", [](Ready& r) { r.config.endpoints[0].ws = *config::parse_url("ws://one.example"); }},
        {"chain.max_clock_skew", [](Ready& r) { r.config.chain.max_clock_skew = {}; }},
        {"keeper.kill_switch", [](Ready& r) { r.config.keeper.kill_switch = "/no/such/folder/kill"; }},
        {"keeper.kill_switch", [](Ready& r) { r.config.keeper.kill_switch = "/dev/null"; }},
    };
    for (const auto& [name, spoil] : cases) {
        Ready ready;
        spoil(ready);
        EXPECT_EQ(ready.failing(), std::set<std::string>{name}) << name;
    }
    for (const Decided& one : decided_keys()) {
        Ready ready;
        ready.origins.erase({one.table, 0, one.key});
        const std::string name = std::string{one.table} + "." + std::string{one.key};
        EXPECT_EQ(ready.failing(), std::set<std::string>{name});
        ready.origins[{one.table, 0, one.key}] = config::Origin{config::Layer::network, "mainnet", {}};
        EXPECT_EQ(ready.failing(), std::set<std::string>{name}) << "a network's default is no decision";
        ready.origins[{one.table, 0, one.key}] = config::Origin{config::Layer::environment, "PLIMSOLL_X", {}};
        EXPECT_EQ(ready.failing(), std::set<std::string>{});
    }
}

TEST(LiveChecklist, ALimitThatIsTurnedOffIsNoDecision) {
    const std::vector<std::pair<std::string, std::function<void(config::Config&)>>> cases{
        {"execution.max_fee_per_gas", [](config::Config& c) { c.execution.max_fee_per_gas = {}; }},
        {"risk.max_spend_per_tx", [](config::Config& c) { c.risk.max_spend_per_tx = {}; }},
        {"risk.max_spend_per_hour", [](config::Config& c) { c.risk.max_spend_per_hour = {}; }},
        {"risk.max_spend_per_day", [](config::Config& c) { c.risk.max_spend_per_day = {}; }},
        {"risk.min_gas_balance", [](config::Config& c) { c.risk.min_gas_balance = {}; }},
        {"risk.max_loss_per_hour", [](config::Config& c) { c.risk.max_loss_per_hour = {}; }},
        {"keeper.witness", [](config::Config& c) { c.keeper.witness.clear(); }},
        {"keeper.witness", [](config::Config& c) { c.keeper.witness = c.keeper.data_dir + "/witness"; }},
        {"keeper.witness", [](config::Config& c) { c.keeper.witness = c.keeper.data_dir + "/a/../b/w"; }},
        {"executor.operator", [](config::Config& c) { c.executor.operator_address.reset(); }},
    };
    for (const auto& [name, spoil] : cases) {
        Ready ready;
        spoil(ready.config);
        EXPECT_EQ(ready.failing(), std::set<std::string>{name}) << name;
    }
}

TEST(LiveChecklist, ASingleEndpointIsEnoughIfSomebodySaysSo) {
    Ready ready;
    ready.config.endpoints.resize(1);
    ready.config.chain.single_endpoint = true;
    EXPECT_EQ(ready.failing(), std::set<std::string>{});
    ready.config.endpoints[0].ws = *config::parse_url("ws://127.0.0.1:8546");
    EXPECT_EQ(ready.failing(), std::set<std::string>{}) << "nobody stands between us and this machine";
}

}  // namespace
}  // namespace plimsoll::bot
