// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/exit_code.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::bot {

/// Whether every address of the endpoint is on this machine; a Unix socket always is.
[[nodiscard]] bool stays_here(const config::Endpoint& endpoint);

/// Connects, again and again until the endpoint's startup_timeout is over, and hears of the newest block: a
/// gateway may know its chain and have no node behind it. Nothing that a silent node does takes longer.
/// Errc::timed_out then; at once what waiting does not mend: another chain, a CA file that cannot be read,
/// Errc::unproven for a certificate that is not believed. `tell` hears of each failure before the last.
async::Task<Result<void>> connect_in_time(rpc::Endpoint& endpoint, const config::Endpoint& chosen,
                                          std::function<void(const Error&)> tell);
/// The same without a word about failures.
async::Task<Result<void>> connect_in_time(rpc::Endpoint& endpoint, const config::Endpoint& chosen);

/// What the first contact with an endpoint came to; nothing while it is still being tried.
using FirstContact = std::optional<Result<void>>;

/// Connects all of them side by side, each as connect_in_time does. Returns when each has answered or failed;
/// once one has answered, the others get a short while only and stay nothing. `tell` hears which one failed,
/// and how, before its last time.
async::Task<std::vector<FirstContact>> connect_all(std::vector<rpc::Endpoint*> endpoints,
                                                   std::span<const config::Endpoint> chosen,
                                                   std::function<void(std::size_t, const Error&)> tell);
/// Why nothing can begin: one of them is on another chain or cannot prove who it is, or none has answered.
[[nodiscard]] std::optional<Error> cannot_begin(const std::vector<FirstContact>& contacts);

/// Runs one command's work on an event loop of its own. What it throws is told and answers `internal`.
[[nodiscard]] ExitCode run_to_end(std::function<async::Task<ExitCode>(async::asio::any_io_executor)> work);

/// What a command does with the endpoint that answered, and what the configuration says of that one.
using EndpointWork = std::function<async::Task<ExitCode>(rpc::Endpoint&, const config::Endpoint&)>;

/// Work on the first endpoint of the configuration that answers within its startup_timeout, closed
/// afterwards. An error before is told and answered with its exit code.
async::Task<ExitCode> on_endpoint(async::asio::any_io_executor executor, const config::Config& config,
                                  EndpointWork work);

/// For work without an end of its own: SIGINT and SIGTERM end it with `ok`.
async::Task<ExitCode> until_asked_to_stop(async::Task<ExitCode> work);

}  // namespace plimsoll::bot
