// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/exit_code.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"

#include <chrono>
#include <functional>

namespace plimsoll::bot {

/// Whether every address of the endpoint is on this machine; a Unix socket always is.
[[nodiscard]] bool stays_here(const config::Endpoint& endpoint);

/// Connects, again and again until `budget` is over. Errc::timed_out then; at once what waiting does not mend
/// (another chain, a certificate that is not believed). `tell` hears of each failure.
async::Task<Result<void>> connect_within(rpc::Endpoint& endpoint, std::chrono::milliseconds budget,
                                         std::function<void(const Error&)> tell);
/// The same without a word about failures.
async::Task<Result<void>> connect_within(rpc::Endpoint& endpoint, std::chrono::milliseconds budget);

/// Runs one command's work on an event loop of its own. What it throws is told and answers `internal`.
[[nodiscard]] ExitCode run_to_end(std::function<async::Task<ExitCode>(async::asio::any_io_executor)> work);

}  // namespace plimsoll::bot
