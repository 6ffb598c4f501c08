// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/lane_world.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "config/url.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace plimsoll::faults {
namespace {

constexpr std::string_view kChainId = "\"0x7a69\"";

ScriptedNode::Script with_chain_id(ScriptedNode::Script script) {
    return [script = std::move(script)](const Asked& asked) -> std::vector<Step> {
        if (asked.method == "eth_chainId") return {reply(asked, kChainId)};
        return script(asked);
    };
}

}  // namespace

Bytes raw_in(const Asked& asked) {
    const std::size_t params = asked.text.find("\"params\"");
    const std::size_t begin = asked.text.find("\"0x", params);
    if (params == std::string::npos || begin == std::string::npos) return {};
    const std::size_t end = asked.text.find('"', begin + 1);
    return parse_hex(asked.text.substr(begin + 1, end - begin - 1)).value_or(Bytes{});
}

Step take_it(const Asked& asked) {
    return reply(asked, '"' + to_string(keccak256(BytesView{raw_in(asked)})) + '"');
}

LaneWorld::LaneWorld() : tasks_{io_.get_executor()} {
    config_.chain.id = ChainId{31337};
}

LaneWorld::~LaneWorld() = default;

std::size_t LaneWorld::endpoint(ScriptedNode::Script script) {
    nodes_.push_back(std::make_unique<ScriptedNode>(io_.get_executor(), with_chain_id(std::move(script))));
    config::Endpoint made;
    made.name = "node-" + std::to_string(nodes_.size());
    made.ws = config::parse_url(nodes_.back()->ws_url()).value();
    config_.endpoints.push_back(std::move(made));
    return nodes_.size() - 1;
}

std::size_t LaneWorld::relay(config::LaneType type, ScriptedNode::Script script,
                             const std::function<void(config::Lane&)>& edit) {
    relays_.push_back(std::make_unique<ScriptedNode>(io_.get_executor(), std::move(script)));
    config::Lane made;
    made.name = "relay-" + std::to_string(relays_.size());
    made.type = type;
    made.url = config::parse_url(relays_.back()->http_url()).value();
    made.blocks = config::Blocks{1};
    if (edit) edit(made);
    config_.lanes.push_back(std::move(made));
    return relays_.size() - 1;
}

void LaneWorld::public_lane(std::uint64_t after) {
    relays_.emplace_back();
    config::Lane made;
    made.name = "all";
    made.after = config::Blocks{after};
    config_.lanes.push_back(std::move(made));
}

void LaneWorld::run(const std::function<Task<void>()>& body) {
    endpoints_ = bot::Endpoints::open(io_.get_executor(), config_).value();
    bot::Lanes lanes = bot::open_lanes(io_.get_executor(), config_.lanes).value();
    network_ = std::make_unique<bot::EndpointNetwork>(
        bot::EndpointNetwork::Parts{io_.get_executor(), *endpoints_, tasks_}, std::move(lanes));
    network_->on_answer([this](const bot::LaneAnswer& answer) { answers_.push_back(answer.meaning); });
    const auto guarded = [&]() -> Task<void> {
        for (const auto& submitter : endpoints_->submitters()) {
            const Result<void> connected = co_await submitter->connect();
            EXPECT_TRUE(connected.has_value());
        }
        for (const auto& relay : network_->relays()) {
            if (!relay) continue;
            const Result<void> connected = co_await relay->endpoint().connect();
            EXPECT_TRUE(connected.has_value());
        }
        co_await body();
        for (const auto& submitter : endpoints_->submitters())
            submitter->close();
        for (const auto& relay : network_->relays()) {
            if (relay) relay->endpoint().close();
        }
    };
    std::vector<Task<void>> family;
    family.push_back(guarded());
    family.push_back(tasks_.run());
    for (const auto* peers : {&nodes_, &relays_}) {
        for (const auto& node : *peers) {
            if (node) family.push_back(node->run());
        }
    }
    async::run_task(io_, async::all_of(std::move(family)));
}

std::vector<Asked> LaneWorld::asked_of(const ScriptedNode& node, std::string_view method) {
    std::vector<Asked> out;
    std::ranges::copy_if(node.asked(), std::back_inserter(out), [method](const Asked& one) {
        return method.empty() ? one.method != "eth_chainId" : one.method == method;
    });
    return out;
}

std::vector<Asked> LaneWorld::endpoint_asked(std::size_t number, std::string_view method) const {
    return asked_of(*nodes_.at(number), method);
}

std::vector<Asked> LaneWorld::relay_asked(std::size_t number, std::string_view method) const {
    return asked_of(*relays_.at(number), method);
}

signer::Send LaneWorld::send_of(std::uint64_t nonce, std::uint64_t head, std::uint64_t last_block) {
    signer::Send out;
    out.attempt = nonce + 1;
    out.nonce = Nonce{nonce};
    out.raw = Bytes{0x02, 0xc0, static_cast<std::uint8_t>(nonce)};
    out.hash = keccak256(BytesView{out.raw});
    out.head = BlockNumber{head};
    out.first_head = BlockNumber{100};
    out.last_block = BlockNumber{last_block};
    return out;
}

Task<rpc::SendAnswer> LaneWorld::send(std::uint64_t nonce, std::uint64_t head, std::uint64_t last_block) {
    const signer::Send one = send_of(nonce, head, last_block);
    co_return co_await network_->send(one);
}

Task<void> LaneWorld::settle(std::chrono::milliseconds time) {
    return async::sleep_for(time);
}

}  // namespace plimsoll::faults
