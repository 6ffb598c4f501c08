// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/fork.hpp"

#include "bot/commands/run.hpp"
#include "bot/console.hpp"
#include "bot/fork/options.hpp"
#include "bot/load_config.hpp"

#include <charconv>
#include <limits>
#include <utility>

namespace plimsoll::bot {
namespace {

constexpr std::array kForkOptions{
    Option{"--price", "ASSET=±N%", "Pretend that the oracle's price of ASSET is N % lower or higher", true},
    Option{"--blocks", "N", "End after N blocks of the origin"},
    Option{"--for", "TIME", "End after TIME, such as 90s, 10m or 2h"},
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size() || out == 0) return std::nullopt;
    return out;
}

std::optional<std::chrono::seconds> duration(std::string_view text) {
    constexpr std::uint64_t kMost = 31ULL * 24 * 3600;
    if (text.size() < 2) return std::nullopt;
    const char unit = text.back();
    const std::uint64_t scale = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
    const auto count = number(text.substr(0, text.size() - 1));
    if (!count || scale == 0 || *count > kMost / scale) return std::nullopt;
    return std::chrono::seconds{*count * scale};
}

Result<ForkOptions> read_options(const Invocation& invocation) {
    ForkOptions out;
    for (const std::string& text : invocation.all("--price")) {
        PLIMSOLL_TRY(PriceShock shock, parse_price_shock(text));
        out.shocks.push_back(std::move(shock));
    }
    if (const auto text = invocation.value("--blocks")) {
        out.blocks = number(*text);
        if (!out.blocks) return fail(Errc::malformed_input, "--blocks " + *text + ": a number above 0");
    }
    if (const auto text = invocation.value("--for")) {
        out.lasts = duration(*text);
        if (!out.lasts)
            return fail(Errc::malformed_input, "--for " + *text + ": a time such as 90s, 10m or 2h");
    }
    return out;
}

ExitCode run_fork(const Invocation& invocation) {
    Result<ForkOptions> options = read_options(invocation);
    if (!options) {
        print_message("error: " + options.error().context + "\nTry: plimsoll fork --help\n");
        return ExitCode::usage;
    }
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    Logger log{loaded->config.log.level, loaded->config.log.format};
    return run(loaded->config,
               RunOptions{LiveFlag::forbidden, loaded->path, false, {}, std::nullopt, *std::move(options)},
               log);
}

}  // namespace

constinit const Command kForkCommand{
    .name = "fork",
    .help = "Follow the chain, and carry every decision out on a fork of it (needs anvil)",
    .config = ConfigUse::takes,
    .options = kForkOptions,
    .examples = {"plimsoll fork --config plimsoll.toml --for 10m",
                 "plimsoll fork --price WETH=-12% --blocks 20"},
    .run = run_fork};

}  // namespace plimsoll::bot
