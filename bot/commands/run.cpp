// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/run.hpp"

#include "bot/console.hpp"
#include "bot/keeper.hpp"
#include "bot/load_config.hpp"
#include "bot/log_thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <charconv>
#include <exception>
#include <optional>
#include <string_view>
#include <system_error>

namespace plimsoll::bot {
namespace {

constexpr Option kAcceptFinality{"--accept-finality", "",
                                 "Go on with the chain as it is now, after a finalized block changed"};

constexpr std::array kRunOptions{
    Option{"--live", "", "Send transactions; needs keeper.mode = \"live\" in the file as well"},
    kAcceptFinality,
    Option{"--adopt-nonce", "N",
           "Take a journal that was lost or put back from a copy: the key's next nonce on the chain is N"},
};

constexpr std::array kDryRunOptions{kAcceptFinality};

std::optional<Nonce> nonce_of(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return Nonce{out};
}

ExitCode run_with(const Invocation& invocation, LiveFlag live) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    std::optional<Nonce> adopt;
    if (const auto text = invocation.value("--adopt-nonce")) {
        adopt = nonce_of(*text);
        if (!adopt) {
            print_message("error: --adopt-nonce " + *text + ": a whole number\nTry: plimsoll run --help\n");
            return ExitCode::usage;
        }
    }
    Logger log{loaded->config.log.level, loaded->config.log.format};
    return run(loaded->config,
               RunOptions{live, loaded->path, invocation.has("--accept-finality"), loaded->origins, adopt,
                          std::nullopt},
               log);
}

ExitCode run_keeper(const Invocation& invocation) {
    return run_with(invocation, invocation.has("--live") ? LiveFlag::given : LiveFlag::absent);
}

ExitCode run_dry(const Invocation& invocation) {
    return run_with(invocation, LiveFlag::forbidden);
}

}  // namespace

constinit const Command kRunCommand{
    .name = "run",
    .help = "The keeper: watches a market and liquidates (dry-run unless armed twice)",
    .config = ConfigUse::takes,
    .options = kRunOptions,
    .examples = {"plimsoll run --config plimsoll.toml --live", "plimsoll run --log.format json"},
    .run = run_keeper};

constinit const Command kDryRunCommand{
    .name = "dry-run",
    .help = "The keeper without sending, whatever the file says",
    .config = ConfigUse::takes,
    .options = kDryRunOptions,
    .examples = {"plimsoll dry-run --config plimsoll.toml", "plimsoll dry-run --log.level debug"},
    .run = run_dry};

ExitCode run(const config::Config& config, const RunOptions& options, Logger& log) {
    boost::asio::io_context io{1};
    LogThread log_thread{log};  // writes what the keeper says, to its last line
    Keeper keeper{io, config, options, log};
    ExitCode code = ExitCode::internal;
    boost::asio::co_spawn(io, keeper.run(), [&](std::exception_ptr failure, ExitCode ended) {
        code = failure ? ExitCode::internal : ended;
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::exception& thrown) {
            log.error("error", "a broken invariant ended the program", {{"what", thrown.what()}});
        }
        io.stop();  // nothing of the keeper is left running; only the signal handlers wait
    });
    io.run();
    return code;
}

}  // namespace plimsoll::bot
