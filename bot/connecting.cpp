// SPDX-License-Identifier: Apache-2.0
#include "bot/connecting.hpp"

#include "bot/console.hpp"
#include "bot/endpoint_params.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/backoff.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/deadline.hpp"
#include "chain/async/task_group.hpp"
#include "config/value_text.hpp"

#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
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

/// Several first contacts, side by side.
class Contacts {
  public:
    using Tell = std::function<void(std::size_t, const Error&)>;

    Contacts(async::asio::any_io_executor executor, std::vector<rpc::Endpoint*> endpoints,
             std::span<const config::Endpoint> chosen, Tell tell)
        : endpoints_{std::move(endpoints)},
          chosen_{chosen},
          tell_{std::move(tell)},
          results_(endpoints_.size()),
          tasks_{executor},
          changed_{executor} {}

    async::Task<std::vector<FirstContact>> run() {
        for (std::size_t i = 0; i < endpoints_.size(); ++i)
            tasks_.spawn(connect(i));
        co_await async::all_of(tasks_.run(), settle());
        co_return std::move(results_);
    }

  private:
    async::Task<void> connect(std::size_t index) {
        std::function<void(const Error&)> tell = [this, index](const Error& error) { tell_(index, error); };
        results_[index] = co_await connect_in_time(*endpoints_[index], chosen_[index], std::move(tell));
        changed_.notify_all();
    }

    /// Until all have an end, or some have and the others had their while.
    async::Task<void> settle() {
        constexpr std::chrono::seconds kGrace{2};
        const auto ended = [](const FirstContact& one) { return one.has_value(); };
        const auto good = [](const FirstContact& one) { return one && one->has_value(); };
        while (!std::ranges::any_of(results_, good) && !std::ranges::all_of(results_, ended))
            co_await changed_.wait();
        const auto deadline = Clock::now() + kGrace;
        while (Clock::now() < deadline && !std::ranges::all_of(results_, ended))
            co_await changed_.wait_until(deadline);
    }

    std::vector<rpc::Endpoint*> endpoints_;
    std::span<const config::Endpoint> chosen_;
    Tell tell_;
    std::vector<FirstContact> results_;
    async::TaskGroup tasks_;
    async::Condition changed_;
};

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

async::Task<std::vector<FirstContact>> connect_all(std::vector<rpc::Endpoint*> endpoints,
                                                   std::span<const config::Endpoint> chosen,
                                                   std::function<void(std::size_t, const Error&)> tell) {
    const async::asio::any_io_executor executor = co_await async::asio::this_coro::executor;
    Contacts contacts{executor, std::move(endpoints), chosen, std::move(tell)};
    co_return co_await contacts.run();
}

std::optional<Error> cannot_begin(const std::vector<FirstContact>& contacts) {
    const auto good = [](const FirstContact& one) { return one && one->has_value(); };
    const auto failed = [](const FirstContact& one) { return one && !one->has_value(); };
    const auto lasting = [](const FirstContact& one) {
        return one && !one->has_value() && one->error().code != Errc::timed_out;
    };
    const auto refused = std::ranges::find_if(contacts, lasting);
    if (refused != contacts.end()) return (*refused)->error();
    if (std::ranges::any_of(contacts, good)) return std::nullopt;
    const auto first = std::ranges::find_if(contacts, failed);
    if (first != contacts.end()) return (*first)->error();
    return Error{Errc::timed_out, "no endpoint answered"};
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
                                  EndpointWork work) {
    std::vector<std::unique_ptr<rpc::Endpoint>> opened;
    std::vector<rpc::Endpoint*> endpoints;
    for (const config::Endpoint& chosen : config.endpoints) {
        Result<rpc::EndpointParams> params = endpoint_params(chosen, config.chain.id);
        if (!params) co_return print_error(params.error());
        opened.push_back(std::make_unique<rpc::Endpoint>(executor, *std::move(params)));
        endpoints.push_back(opened.back().get());
    }
    std::function<void(std::size_t, const Error&)> quiet = [](std::size_t, const Error&) {};
    const std::vector<FirstContact> contacts = co_await connect_all(endpoints, config.endpoints, quiet);
    if (const std::optional<Error> why = cannot_begin(contacts)) co_return print_error(*why);
    const auto good = [](const FirstContact& one) { return one && one->has_value(); };
    const auto first = static_cast<std::size_t>(std::ranges::find_if(contacts, good) - contacts.begin());
    std::erase_if(opened, [&](const auto& one) { return one.get() != endpoints[first]; });
    const rpc::CloseAtEnd close{*opened.front()};
    async::Task<ExitCode> task = work(*opened.front(), config.endpoints[first]);
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
