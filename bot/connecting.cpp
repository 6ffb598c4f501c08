// SPDX-License-Identifier: Apache-2.0
#include "bot/connecting.hpp"

#include "bot/console.hpp"
#include "chain/async/backoff.hpp"
#include "chain/async/deadline.hpp"
#include "config/value_text.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <random>
#include <utility>

namespace plimsoll::bot {

bool stays_here(const config::Endpoint& endpoint) {
    const auto here = [](const config::Url& url) { return url.empty() || config::is_loopback(url); };
    return here(endpoint.ws) && here(endpoint.http);
}

async::Task<Result<void>> connect_within(rpc::Endpoint& endpoint, std::chrono::milliseconds budget,
                                         std::function<void(const Error&)> tell) {
    const auto deadline = std::chrono::steady_clock::now() + budget;
    async::Backoff backoff;
    std::minstd_rand random{std::random_device{}()};
    while (true) {
        Result<void> connected = co_await endpoint.connect();
        if (connected || rpc::is_lasting(connected.error().code)) co_return connected;
        tell(connected.error());
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            co_return fail(Errc::timed_out, "endpoint " + endpoint.name() + " did not answer for " +
                                                config::to_text(budget) + ": " + connected.error().context +
                                                "; is the node up?");
        }
        const std::chrono::nanoseconds pause =
            std::min<std::chrono::nanoseconds>(backoff.next(random()), left);
        co_await async::sleep_for(pause);
    }
}

async::Task<Result<void>> connect_within(rpc::Endpoint& endpoint, std::chrono::milliseconds budget) {
    std::function<void(const Error&)> quiet = [](const Error&) {};
    co_return co_await connect_within(endpoint, budget, std::move(quiet));
}

ExitCode run_to_end(std::function<async::Task<ExitCode>(async::asio::any_io_executor)> work) {
    boost::asio::io_context io{1};
    ExitCode code = ExitCode::internal;
    boost::asio::co_spawn(io, work(io.get_executor()), [&](std::exception_ptr failure, ExitCode ended) {
        code = failure ? ExitCode::internal : ended;
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::exception& thrown) {
            print_message(std::string{"error: internal: "} + thrown.what() + "\n");
        }
        io.stop();
    });
    io.run();
    return code;
}

}  // namespace plimsoll::bot
