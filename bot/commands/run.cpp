// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/run.hpp"

#include "bot/keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace plimsoll::bot {

ExitCode run(const config::Config& config, const RunOptions& options, Logger& log) {
    boost::asio::io_context io{1};
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
