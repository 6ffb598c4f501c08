// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/all_of.hpp"
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/endpoint_health.hpp"
#include "tests/faults/scripted_node.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace plimsoll::faults {

using async::Task;
using std::chrono::milliseconds;

inline rpc::EndpointParams params_for(const std::string& url) {
    rpc::EndpointParams out;
    out.url = rpc::parse_url(url).value();
    out.connect_timeout = milliseconds{2'000};
    out.request_timeout = milliseconds{150};
    out.idle_timeout = milliseconds{400};
    out.max_message = 100'000;
    out.max_in_flight = 4;
    out.reconnect = {milliseconds{5}, milliseconds{20}};
    return out;
}

enum class Over { ws, http };

/// Runs a body with an endpoint that is connected to a node with this script.
template <class Body>
void with_node(Over over, const ScriptedNode::Script& script, const Body& body,
               rpc::EndpointHealth* health = nullptr) {
    async::asio::io_context io;
    ScriptedNode node{io.get_executor(), script};
    rpc::EndpointParams params = params_for(over == Over::ws ? node.ws_url() : node.http_url());
    params.health = health;
    rpc::Endpoint endpoint{io.get_executor(), std::move(params)};
    const auto guarded = [&]() -> Task<void> {
        const Result<void> connected = co_await endpoint.connect();
        EXPECT_TRUE(connected.has_value());
        co_await body(endpoint, node);
        endpoint.close();
    };
    async::run_task(io, async::all_of(node.run(), guarded()));
}

}  // namespace plimsoll::faults
