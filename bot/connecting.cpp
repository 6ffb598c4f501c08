// SPDX-License-Identifier: Apache-2.0
#include "bot/connecting.hpp"

#include "bot/console.hpp"
#include "bot/endpoint_params.hpp"
#include "chain/async/backoff.hpp"
#include "chain/async/deadline.hpp"
#include "config/value_text.hpp"

#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <random>
#include <utility>

namespace plimsoll::bot {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds until(Clock::time_point deadline) {
    return std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
}

async::Task<Result<void>> first_answer(rpc::Endpoint& endpoint) {
    PLIMSOLL_CO_CHECK(co_await endpoint.connect());
    const Result<rpc::Header> newest = co_await endpoint.latest_block();
    const bool silent =
        !newest && (newest.error().code == Errc::timed_out || newest.error().code == Errc::disconnected);
    if (!silent) co_return Result<void>{};  // whoever reads it judges what it said
    endpoint.close();
    co_return tl::make_unexpected(newest.error());
}

/// A peer that cannot prove who it is, is another one than was asked for.
tl::unexpected<Error> refusal(Error error, const config::Endpoint& chosen) {
    const Errc code = error.code == Errc::refused ? Errc::unproven : error.code;
    return fail(code, "endpoint \"" + chosen.name + "\": " + error.context);
}

}  // namespace

bool stays_here(const config::Endpoint& endpoint) {
    const auto here = [](const config::Url& url) { return url.empty() || config::is_loopback(url); };
    return here(endpoint.ws) && here(endpoint.http);
}

async::Task<Result<void>> connect_in_time(rpc::Endpoint& endpoint, const config::Endpoint& chosen,
                                          std::function<void(const Error&)> tell) {
    const auto deadline = Clock::now() + chosen.startup_timeout;
    async::Backoff backoff;
    std::minstd_rand random{std::random_device{}()};
    std::string last = endpoint.name() + " is silent";
    for (auto left = chosen.startup_timeout; left.count() > 0; left = until(deadline)) {
        async::Task<Result<void>> attempt = first_answer(endpoint);
        Result<void> answered = co_await async::with_deadline(std::move(attempt), left);
        if (answered) co_return answered;
        const bool late = until(deadline).count() <= 0;
        if (rpc::is_lasting(answered.error().code)) co_return refusal(std::move(answered).error(), chosen);
        if (late) break;  // what it was about to do says less than how it failed before
        tell(answered.error());
        last = std::move(answered.error().context);
        const std::chrono::nanoseconds pause =
            std::min<std::chrono::nanoseconds>(backoff.next(random()), until(deadline));
        co_await async::sleep_for(pause);
    }
    endpoint.close();
    co_return fail(Errc::timed_out,
                   "endpoint \"" + chosen.name + "\" did not answer within startup_timeout = " +
                       config::to_text(chosen.startup_timeout) + ": " + last + "; is the node up?");
}

async::Task<Result<void>> connect_in_time(rpc::Endpoint& endpoint, const config::Endpoint& chosen) {
    std::function<void(const Error&)> quiet = [](const Error&) {};
    co_return co_await connect_in_time(endpoint, chosen, std::move(quiet));
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

async::Task<ExitCode> on_endpoint(async::asio::any_io_executor executor, const config::Config& config,
                                  std::function<async::Task<ExitCode>(rpc::Endpoint&)> work) {
    const config::Endpoint& chosen = config.endpoints.front();
    Result<rpc::EndpointParams> params = endpoint_params(chosen, config.chain.id, EndpointUse::ask);
    if (!params) co_return print_error(params.error());
    rpc::Endpoint endpoint{executor, *std::move(params)};
    const rpc::CloseAtEnd close{endpoint};
    const Result<void> connected = co_await connect_in_time(endpoint, chosen);
    if (!connected) co_return print_error(connected.error());
    async::Task<ExitCode> task = work(endpoint);
    co_return co_await std::move(task);
}

async::Task<ExitCode> until_asked_to_stop(async::Task<ExitCode> work) {
    const async::asio::any_io_executor executor = co_await async::asio::this_coro::executor;
    async::asio::signal_set signals{executor, SIGINT, SIGTERM};
    auto race = async::asio::experimental::make_parallel_group(
        async::asio::co_spawn(executor, std::move(work), async::asio::deferred),
        signals.async_wait(async::asio::deferred));
    auto [order, failure, code, signal_error, signal] =
        co_await race.async_wait(async::asio::experimental::wait_for_one(), async::use_task);
    if (order[0] == 1 && !signal_error) co_return ExitCode::ok;
    if (failure) std::rethrow_exception(failure);
    co_return code;
}

}  // namespace plimsoll::bot
