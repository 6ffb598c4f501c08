// SPDX-License-Identifier: Apache-2.0
#include "bot/check_relays.hpp"

#include "bot/lanes/relay.hpp"
#include "chain/async/deadline.hpp"
#include "chain/rpc/error_dialects.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace plimsoll::bot {
namespace {

constexpr std::chrono::milliseconds kPatience{4'000};

async::Task<Result<std::string>> question(Relay& relay) {
    PLIMSOLL_CO_CHECK(co_await relay.endpoint().connect());
    co_return co_await relay.endpoint().client_version();
}

CheckRow failing(std::string name, const Error& error, std::string fix, ExitCode code) {
    return {std::move(name), CheckStatus::fail, error.context, std::move(fix), code};
}

CheckRow judged(std::string name, const Result<std::string>& answer) {
    if (answer) return {std::move(name), CheckStatus::ok, "answers: " + *answer, {}, ExitCode::ok};
    const Error& error = answer.error();
    const bool unknown_to_it = rpc::classify(0, error.context) == rpc::ErrorClass::unauthorized;
    if (unknown_to_it)
        return failing(std::move(name), error, "look at auth_key_file and headers of this lane",
                       ExitCode::refused);
    if (error.code == Errc::rpc_rejected)
        return {std::move(name), CheckStatus::ok, "answers: " + error.context, {}, ExitCode::ok};
    return failing(std::move(name), error, "look at url of this lane, and whether this machine may reach it",
                   ExitCode::unavailable);
}

}  // namespace

async::Task<ExitCode> check_relays(async::asio::any_io_executor executor, const config::Config& config,
                                   std::vector<CheckRow>& rows) {
    for (const config::Lane& lane : config.lanes) {
        if (lane.type == config::LaneType::public_) continue;
        std::string name = "relay \"" + lane.name + "\"";
        const Result<std::unique_ptr<Relay>> relay = Relay::open(executor, lane);
        if (!relay) {
            rows.push_back(failing(std::move(name), relay.error(), "name the right file in auth_key_file",
                                   exit_code(relay.error().code)));
            continue;
        }
        const rpc::CloseAtEnd closing{(*relay)->endpoint()};
        auto asking = question(**relay);
        const Result<std::string> answer = co_await async::with_deadline(std::move(asking), kPatience);
        rows.push_back(judged(std::move(name), answer));
    }
    co_return ExitCode::ok;
}

}  // namespace plimsoll::bot
