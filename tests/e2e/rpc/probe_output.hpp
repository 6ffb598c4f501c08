// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/feed/feed_counters.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/rpc/endpoint.hpp"

#include <string_view>

/// JSON lines on standard output.
namespace plimsoll::probe {

void field(std::string_view name, std::string_view value);
void error(std::string_view step, const Error& error);
void event(const Event& event);
void counters(const feed::FeedCounters& feed, const rpc::EndpointCounters& endpoint);

/// Addresses with spaces between.
[[nodiscard]] Watch parse_watch(std::string_view line);

/// Calls, estimates and log reads at a contract (tests/e2e/rpc/Emitter.sol).
async::Task<void> ask_contract(rpc::Endpoint& endpoint, Address contract, rpc::Header latest);
/// One line of a test's own: "send <raw>", "receipt <hash>", "logs <from> <to> <address>".
async::Task<void> command(rpc::Endpoint& endpoint, std::string line);

}  // namespace plimsoll::probe
