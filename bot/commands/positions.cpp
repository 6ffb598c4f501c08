// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/positions.hpp"

#include "bot/connecting.hpp"
#include "bot/console.hpp"
#include "bot/load_config.hpp"
#include "bot/market_reader.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "config/value_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kPositionsOptions{
    Option{"--hf-below", "X", "Only accounts with a health factor below X, for instance 1.05"},
    Option{"--watch", "", "Again at each new block, until interrupted; a JSON object a line with --json"},
    Option{"--csv", "", "As comma-separated values"},
    kJsonOption,
};

enum class Shape : std::uint8_t { table, csv, json };

struct Wish {
    std::optional<Wad> below;
    Shape shape{};
    bool watch{};
};

std::string ratio(const Wad& factor) {
    return config::to_text(factor);
}

std::string money(const Usd& amount) {
    const std::string text = config::to_text(amount);
    return text.substr(0, text.find(' '));
}

json::object as_json(const AccountPosition& one) {
    return {{"account", to_string(one.account)},
            {"health_factor", ratio(one.health_factor)},
            {"collateral_usd", money(one.collateral)},
            {"debt_usd", money(one.debt)}};
}

std::string told(const MarketReader& market, const std::vector<AccountPosition>& positions, Shape shape) {
    const std::string venue{market.venue().name()};
    const std::uint64_t block = market.head().number.value;
    if (shape == Shape::json) {
        json::array list;
        for (const AccountPosition& one : positions)
            list.push_back(as_json(one));
        const json::object out{{"schema", "plimsoll.positions.v1"},
                               {"venue", venue},
                               {"block", block},
                               {"block_hash", to_string(market.head().hash)},
                               {"positions", std::move(list)}};
        return json::serialize(out) + "\n";
    }
    std::string out = shape == Shape::csv ? "venue,block,account,health_factor,collateral_usd,debt_usd\n"
                                          : venue + ", block " + std::to_string(block) + ": " +
                                                std::to_string(positions.size()) + " accounts\n";
    for (const AccountPosition& one : positions) {
        const char* gap = shape == Shape::csv ? "," : "  ";
        if (shape == Shape::csv) out += venue + "," + std::to_string(block) + ",";
        out += to_string(one.account) + gap + ratio(one.health_factor) + gap + money(one.collateral) + gap +
               money(one.debt) + "\n";
    }
    return out;
}

void tell(const MarketReader& market, const Wish& wish) {
    std::vector<AccountPosition> positions = market.positions();
    if (wish.below)
        std::erase_if(positions,
                      [&](const AccountPosition& one) { return !(one.health_factor < *wish.below); });
    print_result(told(market, positions, wish.shape));
}

using Markets = std::vector<std::unique_ptr<MarketReader>>;

/// The same question, asked again, may be answered: the node is away, or took a block back meanwhile.
bool passes(Errc code) {
    return code == Errc::timed_out || code == Errc::disconnected || code == Errc::rpc_rejected ||
           code == Errc::not_found || code == Errc::limit_exceeded;
}

async::Task<Result<void>> tell_news(Markets& markets, const Wish& wish) {
    for (const auto& market : markets) {
        PLIMSOLL_CO_TRY(const bool news, co_await market->follow());
        if (news) tell(*market, wish);
    }
    co_return Result<void>{};
}

/// Until the endpoint is lost for good: it has its startup_timeout to come back.
async::Task<ExitCode> watch(rpc::Endpoint& endpoint, const config::Config& config,
                            const config::Endpoint& chosen, Markets& markets, const Wish& wish) {
    const auto pause =
        std::max<std::chrono::milliseconds>(config.chain.block_time / 2, std::chrono::milliseconds{100});
    auto last_answer = std::chrono::steady_clock::now();
    for (;;) {
        co_await async::sleep_for(pause);
        const Result<void> told_all = co_await tell_news(markets, wish);
        if (told_all) {
            last_answer = std::chrono::steady_clock::now();
            continue;
        }
        const Error& error = told_all.error();
        const bool over = std::chrono::steady_clock::now() - last_answer > chosen.startup_timeout;
        if (!passes(error.code) || over) co_return print_error(error);
        print_message("warning: " + error.context + "; asking again\n");
        if (endpoint.connected()) continue;
        const Result<void> connected = co_await connect_in_time(endpoint, chosen);
        if (!connected) co_return print_error(connected.error());
    }
}

async::Task<ExitCode> show(rpc::Endpoint& endpoint, const config::Config& config,
                           const config::Endpoint& chosen, Wish wish) {
    Markets markets;
    for (const config::Venue& venue : config.venues) {
        markets.push_back(std::make_unique<MarketReader>(endpoint, venue));
        const Result<void> read = co_await markets.back()->read();
        if (!read) co_return print_error(read.error());
        tell(*markets.back(), wish);
    }
    if (!wish.watch) co_return ExitCode::ok;
    co_return co_await watch(endpoint, config, chosen, markets, wish);
}

ExitCode run_positions(const Invocation& invocation) {
    Wish wish;
    if (const auto text = invocation.value("--hf-below")) {
        const auto below = config::parse(config::scalar_from_text(*text), config::As<Wad>{});
        if (!below) {
            print_message("error: --hf-below: " + below.error().why + "\n");
            return ExitCode::usage;
        }
        wish.below = *below;
    }
    wish.shape = invocation.has("--json") ? Shape::json : invocation.has("--csv") ? Shape::csv : Shape::table;
    wish.watch = invocation.has("--watch");
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    return run_to_end([&](async::asio::any_io_executor executor) {
        EndpointWork work = [&](rpc::Endpoint& endpoint, const config::Endpoint& chosen) {
            return show(endpoint, loaded->config, chosen, wish);
        };
        async::Task<ExitCode> whole = on_endpoint(executor, loaded->config, std::move(work));
        return wish.watch ? until_asked_to_stop(std::move(whole)) : std::move(whole);
    });
}

}  // namespace

constinit const Command kPositionsCommand{
    .name = "positions",
    .help = "Every indebted account, the nearest to its line first, as the market's contracts value it",
    .config = ConfigUse::takes,
    .options = kPositionsOptions,
    .examples = {"plimsoll positions --hf-below 1.05 --watch",
                 "plimsoll positions --config plimsoll.toml --csv > positions.csv"},
    .run = run_positions};

}  // namespace plimsoll::bot
