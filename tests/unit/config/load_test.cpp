// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/document.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/example.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace plimsoll::config {
namespace {

std::string with(std::string_view from, std::string_view to) {
    std::string text{kExample};
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// The line, from 1 on, in which `what` stands first.
std::size_t line_of(std::string_view what, std::string_view text = kExample) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
}

Problems problems_of(std::string_view text) {
    auto loaded = load_text(text, "plimsoll.toml");
    EXPECT_FALSE(loaded.has_value());
    return loaded ? Problems{} : loaded.error();
}

TEST(Load, ReadsEveryKeyIntoItsPlace) {
    const auto loaded = load_text(kExample, "plimsoll.toml");
    ASSERT_TRUE(loaded) << render(loaded.error());
    EXPECT_EQ(loaded->keeper.mode, Mode::live);
    EXPECT_EQ(loaded->keeper.data_dir, "/tmp/keeper");
    EXPECT_EQ(loaded->keeper.witness, "/mnt/second/witness");
    EXPECT_EQ(loaded->chain.id, ChainId{31337});
    EXPECT_EQ(loaded->chain.block_time, std::chrono::milliseconds{1000});
    ASSERT_EQ(loaded->endpoints.size(), 1U);
    EXPECT_EQ(loaded->endpoints[0].name, "anvil");
    EXPECT_EQ(loaded->endpoints[0].ws.port, 8545);
    EXPECT_EQ(loaded->endpoints[0].ws.user_info, "user:secret");
    EXPECT_EQ(loaded->endpoints[0].ws.target, "/v1/KEY?token=TOKEN");
    EXPECT_EQ(loaded->endpoints[0].http.host, "node.example");
    EXPECT_EQ(loaded->endpoints[0].ipc, "/run/node.ipc");
    EXPECT_EQ(loaded->endpoints[0].headers, (std::vector<std::string>{"X-Api-Key: TOKEN", "X-Trace: on"}));
    EXPECT_EQ(loaded->endpoints[0].ca_file, "/etc/ca.pem");
    EXPECT_EQ(loaded->endpoints[0].startup_timeout, std::chrono::seconds{20});
    EXPECT_EQ(loaded->endpoints[0].requests_per_second, 50U);
    EXPECT_TRUE(loaded->endpoints[0].pending);
    EXPECT_EQ(loaded->keeper.snapshot_every, std::chrono::seconds{45});
    EXPECT_EQ(loaded->chain.undo_blocks, Blocks{128});
    EXPECT_TRUE(loaded->chain.single_endpoint);
    EXPECT_EQ(loaded->strategy.audit_sample, 3U);
    EXPECT_EQ(loaded->signer.type, SignerType::dev);
    EXPECT_EQ(loaded->signer.keystore, "/etc/keeper.json");
    EXPECT_EQ(loaded->signer.password_file, "/etc/keeper.password");
    EXPECT_EQ(loaded->keeper.kill_switch, "/run/kill");
    EXPECT_EQ(loaded->signer.url.host, "signer.example");
    EXPECT_EQ(loaded->signer.url.user_info, "user:secret");
    EXPECT_EQ(to_string(*loaded->signer.address), "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
    EXPECT_EQ(loaded->signer.ca_file, "/etc/signer-ca.pem");
    EXPECT_EQ(loaded->signer.client_cert, "/etc/keeper.pem");
    EXPECT_EQ(loaded->signer.client_key, "/etc/keeper.key");
    EXPECT_EQ(loaded->chain.network, Network::devnet);
    EXPECT_EQ(to_string(*loaded->chain.multicall3), "0xcA11bde05977b3631167028862bE2a173976CA11");
    EXPECT_EQ(loaded->prices.max_deviation, BasisPoints{250});
    ASSERT_EQ(loaded->price_guards.size(), 1U);
    EXPECT_EQ(to_string(loaded->price_guards[0].source), "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB");
    ASSERT_EQ(loaded->risk.allow_assets.size(), 2U);
    EXPECT_EQ(to_string(loaded->risk.allow_assets[1]), "0x8617E340B3D01FA5F11F306F4090FD50E238070D");
    EXPECT_EQ(loaded->risk.deny_accounts.size(), 1U);
    EXPECT_EQ(loaded->fork.anvil, "/usr/bin/anvil");
    EXPECT_EQ(to_string(loaded->executor.address), "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    EXPECT_EQ(to_string(*loaded->executor.operator_address), "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
    ASSERT_EQ(loaded->venues.size(), 1U);
    EXPECT_EQ(loaded->venues[0].start_block, BlockNumber{12});
    EXPECT_EQ(to_string(loaded->uniswap_v3.router), "0x8617E340B3D01FA5F11F306F4090FD50E238070D");
    EXPECT_EQ(loaded->strategy.min_profit, Usd{250'000'000});
    EXPECT_EQ(loaded->strategy.health_watch, Wad{1'250'000'000'000'000'000});
    EXPECT_EQ(loaded->execution.max_fee_per_gas, Wei{300'000'000'000});
    EXPECT_EQ(loaded->execution.priority_fee, Wei{1'500'000'000});
    EXPECT_EQ(loaded->execution.replace_after, Blocks{3});
    EXPECT_EQ(loaded->execution.ordering, Ordering::priority_auction);
    EXPECT_EQ(loaded->execution.bid_share, BasisPoints{2'500});
    EXPECT_EQ(loaded->chain.fee_elasticity, 6U);
    EXPECT_EQ(loaded->chain.data_fee, DataFee::op_stack);
    EXPECT_EQ(loaded->chain.sequencer_grace, std::chrono::minutes{10});
    EXPECT_EQ(loaded->risk.max_spend_per_tx, NativeAmount{50'000'000'000'000'000});
    EXPECT_EQ(loaded->risk.max_loss_per_day, Usd{20'000'000'000});
    EXPECT_EQ(loaded->risk.breaker_pause, std::chrono::minutes{20});
    EXPECT_EQ(loaded->execution.max_pending, 8U);
    EXPECT_EQ(loaded->execution.armed, 4U);
    EXPECT_EQ(loaded->execution.hot_thread, HotThread::off);
    EXPECT_EQ(loaded->execution.hot_core, 2U);
    EXPECT_EQ(loaded->execution.confirmations, Blocks{3});
    EXPECT_EQ(loaded->log.format, LogFormat::logfmt);
    EXPECT_EQ(loaded->log.summary_every, std::chrono::seconds{30});
}

TEST(Load, FillsInDefaults) {
    const auto loaded = load_text(with("min_profit = \"2.50 usd\"\n", ""), "plimsoll.toml");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->strategy.min_profit, Usd{500'000'000});
    EXPECT_EQ(load_text(with("start_block = 12\n", ""), "x")->venues[0].start_block, BlockNumber{0});
    EXPECT_EQ(defaults().keeper.mode, Mode::dry_run);
    EXPECT_EQ(defaults().signer.type, SignerType::none);
}

TEST(Load, ReportsAllProblemsSortedByPlace) {
    std::string text = with("max_pending = 8", "max_pending = 800");
    text.replace(text.find("mode ="), 4, "mood");
    text.replace(text.find("30s"), 3, "30x");
    const Problems problems = problems_of(text);
    ASSERT_EQ(problems.list.size(), 3U) << render(problems);
    EXPECT_EQ(problems.list[0].code, ProblemCode::unknown_key);
    EXPECT_EQ(problems.list[0].place.line, 2U);
    EXPECT_EQ(problems.list[1].code, ProblemCode::out_of_range);
    EXPECT_EQ(problems.list[2].code, ProblemCode::bad_unit);
}

TEST(Load, PointsAtTheWordAndProposesTheNearest) {
    const Problems problems = problems_of(with("[execution]", "[executoin]"));
    ASSERT_EQ(problems.list.size(), 1U) << render(problems);
    const std::string line = std::to_string(line_of("[execution]"));
    EXPECT_EQ(render(problems),
              "error[E1002] unknown table or key \"executoin\"\n"
              "  --> plimsoll.toml:" +
                  line +
                  ":2\n"
                  "    |\n"
                  " " +
                  line +
                  " | [executoin]\n"
                  "    |  ^^^^^^^^^\n"
                  "   = fix: did you mean [execution]?\n");
}

TEST(Load, SaysWhereAMisplacedKeyBelongs) {
    const Problems problems = problems_of(with("level = \"debug\"", "level = \"debug\"\nmax_pending = 2"));
    ASSERT_EQ(problems.list.size(), 1U);
    EXPECT_EQ(problems.list[0].fix, "it belongs into [execution]");
}

TEST(Load, ARemoteSignerIsSpokenToInPrivate) {
    const auto remote = [](std::string_view from, std::string_view to) {
        std::string text = with("type = \"dev\"", "type = \"remote\"");
        if (!from.empty()) text.replace(text.find(from), from.size(), to);
        return load_text(text, "plimsoll.toml");
    };
    EXPECT_TRUE(remote("", ""));
    EXPECT_TRUE(remote("https://user:secret@signer.example/KEY?token=TOKEN", "http://127.0.0.1:9000/"));
    const std::vector<std::pair<std::string, std::string>> refused{
        {"https://user:secret@signer.example", "http://user:secret@signer.example"},
        {"https://user:secret@signer.example", "wss://user:secret@signer.example"},
        {"client_cert = \"/etc/keeper.pem\"\n", ""},
        {"client_key = \"/etc/keeper.key\"\n", ""},
        {"url = \"https://user:secret@signer.example/KEY?token=TOKEN\"\n", ""},
    };
    for (const auto& [from, to] : refused) {
        const auto loaded = remote(from, to);
        ASSERT_FALSE(loaded) << from;
        EXPECT_EQ(loaded.error().list.size(), 1U) << render(loaded.error());
        EXPECT_EQ(render(loaded.error()).find("secret@"), std::string::npos);
    }
}

TEST(Load, NamesAMissingKeyAtItsTable) {
    const Problems problems =
        problems_of(with("pool = \"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB\"\n", ""));
    ASSERT_EQ(problems.list.size(), 1U) << render(problems);
    EXPECT_EQ(problems.list[0].code, ProblemCode::missing);
    EXPECT_EQ(problems.list[0].place.line, line_of("[[venue]]"));
    EXPECT_EQ(problems.list[0].what, "venue.pool is not set");
}

TEST(Load, NamesEveryMissingTableOfAnEmptyFile) {
    const Problems problems = problems_of("");
    ASSERT_EQ(problems.list.size(), 4U) << render(problems);
    for (const Problem& problem : problems.list)
        EXPECT_EQ(problem.code, ProblemCode::missing);
    EXPECT_EQ(problems.list[1].what, "[[endpoint]] is missing");
    EXPECT_EQ(problems.list[1].fix, "add [[endpoint]] with name");
}

TEST(Load, NeedsNoExecutorAndAKeystoreOnlyWhereItIsUsed) {
    std::string text = with("address = \"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"\n", "");
    EXPECT_TRUE(load_text(text, "x"));
    text.replace(text.find("\"dev\""), 5, "\"keystore\"");
    EXPECT_TRUE(load_text(text, "x"));
    text.erase(text.find("keystore = "), std::string_view{"keystore = \"/etc/keeper.json\"\n"}.size());
    const Problems keyless = problems_of(text);
    ASSERT_EQ(keyless.list.size(), 1U) << render(keyless);
    EXPECT_EQ(keyless.list[0].what, "signer.keystore is not set (needed when signer.type = \"keystore\")");
}

TEST(Load, RefusesWhatContradictsItself) {
    EXPECT_EQ(problems_of(with("\"dev\"", "\"none\"")).list.at(0).code, ProblemCode::contradiction);
    EXPECT_EQ(problems_of(with("network = \"devnet\"\nid = 31337", "id = 1")).list.at(0).code,
              ProblemCode::contradiction);
    EXPECT_EQ(problems_of(with("\"1.5 gwei\"", "\"301 gwei\"")).list.at(0).place.line,
              line_of("priority_fee"));
    EXPECT_EQ(problems_of(with("id = 31337", "id = 10")).list.at(0).code, ProblemCode::contradiction);
    EXPECT_EQ(problems_of(with("deny_assets = [\"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
                               "deny_assets = [\"0xCb16D0e54450CDd2368476E762B09d147972B637"))
                  .list.at(0)
                  .place.line,
              line_of("deny_assets"));
    EXPECT_EQ(problems_of(with("ws://", "http://")).list.at(0).code, ProblemCode::bad_url);
    EXPECT_EQ(problems_of(with("https://", "wss://")).list.at(0).code, ProblemCode::bad_url);
    const std::string second =
        "[[venue]]\nkind = \"aave-v3\"\nname = \"aave-local\"\npool = "
        "\"0x52908400098527886E0F7030069857D2E4169EE7\"\n";
    EXPECT_EQ(problems_of(with("[[venue]]", second + "[[venue]]")).list.at(0).code, ProblemCode::duplicate);
}

TEST(Load, RefusesAnAddressWithAMistypedDigit) {
    const Problems problems = problems_of(with("0xD1220A0cf4", "0xD1220A0cf5"));
    ASSERT_EQ(problems.list.size(), 1U);
    EXPECT_EQ(problems.list[0].code, ProblemCode::bad_address);
    EXPECT_EQ(problems.list[0].place.line, line_of("0xD1220A0cf4"));
}

TEST(Load, TellsASyntaxErrorWithItsPlace) {
    const Problems problems = problems_of(with("\"dev\"", "dev"));
    ASSERT_EQ(problems.list.size(), 1U);
    EXPECT_EQ(problems.list[0].code, ProblemCode::syntax);
    EXPECT_EQ(problems.list[0].place.line, line_of("type = \"dev\""));
}

TEST(Load, NeverPrintsAnEndpointsSecret) {
    for (const auto& [from, to] : {std::pair{"ws = \"ws://", "ws = \"ftp://"},
                                   {"ws = \"", "wss = \""},
                                   {"ws = \"ws://user", "ws = \"user"},
                                   {"name = \"anvil\"\nws = \"ws", "name = \"ws"},
                                   {"ws = \"ws:", "ws = ws:"},
                                   {"ws = \"ws", "x.y = \"ws"},
                                   {"ws = \"ws", "executor.address = \"ws"},
                                   {"[[endpoint]]", "[endpoint]"},
                                   {"ws = \"ws", "ws = 5\n#\""},
                                   {"type = \"dev\"", "type = \"ws://user:secret@host/KEY\""},
                                   {"headers = [\"X-Api-Key: ", "headers = [\"Key-"},
                                   {"headers = [", "haeders = ["},
                                   {"headers = [\"X-Api-Key: TOKEN\"", "headers = [7"},
                                   {"http = \"https", "http = \"ftp"},
                                   {"pool = \"", "pool = \"//KEY"}}) {
        const std::string shown = render(problems_of(with(from, to)));
        EXPECT_EQ(shown.find("secret"), std::string::npos) << shown;
        EXPECT_EQ(shown.find("KEY"), std::string::npos) << shown;
        EXPECT_EQ(shown.find("TOKEN"), std::string::npos) << shown;
    }
}

TEST(Load, DistinguishesAFileThatIsNotThere) {
    const auto missing = read_file("/nonexistent/plimsoll.toml");
    ASSERT_FALSE(missing);
    EXPECT_TRUE(missing.error().unreadable());
    const std::string path =
        (std::filesystem::temp_directory_path() / ("plimsoll_load_test_" + std::to_string(::getpid())))
            .string();
    std::ofstream{path} << kExample;
    EXPECT_EQ(read_file(path)->text, kExample);
    std::filesystem::remove(path);
    EXPECT_FALSE(read_file(std::filesystem::temp_directory_path().string()));
}

TEST(Load, RefusesWhatIsTooLargeOrTooDeep) {
    const std::string deep = "a" + [] {
        std::string dots;
        for (int i = 0; i < 100'000; ++i)
            dots += ".a";
        return dots;
    }();
    for (const std::string& text :
         {std::string(kLargestFile + 1, '\n'), deep + " = 1", std::string(100'000, '['),
          "x = " + std::string(5000, '['), "x = \"" + std::string(5000, 'a') + "\""}) {
        const Problems problems = problems_of(text);
        ASSERT_EQ(problems.list.size(), 1U);
        EXPECT_EQ(problems.list[0].code, ProblemCode::out_of_bounds);
    }
    const Problems nested =
        problems_of("[risk]\nallow_assets = " + std::string(400, '[') + std::string(400, ']'));
    ASSERT_FALSE(nested.list.empty());
    std::string many{kExample};
    for (int i = 0; i < 20; ++i)
        many += "[[endpoint]]\nname = \"e" + std::to_string(i) + "\"\nws = \"ws://h\"\n";
    EXPECT_EQ(problems_of(many).list.at(0).code, ProblemCode::out_of_bounds);
}

}  // namespace
}  // namespace plimsoll::config
