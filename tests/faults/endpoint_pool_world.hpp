// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/deadline.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/rpc/endpoint_pool.hpp"
#include "tests/faults/endpoint_on_node.hpp"
#include "tests/faults/endpoint_small_chain.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::faults {

using rpc::EndpointPool;
using rpc::EndpointState;

struct Nodes {
    EndpointPool& pool;
    std::vector<std::unique_ptr<ScriptedNode>>& nodes;

    [[nodiscard]] std::size_t count(std::size_t who, const std::string& method) const {
        const auto& asked = nodes.at(who)->asked();
        return static_cast<std::size_t>(std::count_if(
            asked.begin(), asked.end(), [&method](const Asked& one) { return one.method == method; }));
    }
};

inline rpc::PoolParams quick_pool() {
    rpc::PoolParams out;
    out.probe_every = milliseconds{30};
    out.patience = milliseconds{100};
    out.pause = milliseconds{10};
    out.first_log_span = 50;
    return out;
}

/// Runs a body with a pool over nodes of these chains, all readers connected.
template <class Body>
void with_pool(std::vector<SmallChain>& chains, const Body& body, std::size_t ready = 0) {
    async::asio::io_context io;
    std::vector<std::unique_ptr<ScriptedNode>> nodes;
    std::vector<rpc::PoolMember> members;
    for (SmallChain& chain : chains) {
        const auto script = [&chain](const Asked& asked) { return chain.answer(asked); };
        nodes.push_back(std::make_unique<ScriptedNode>(io.get_executor(), script));
        rpc::PoolMember member;
        member.name = "node " + std::to_string(members.size());
        member.read = params_for(nodes.back()->http_url());
        member.read.chain_id = ChainId{31'337};
        member.read.request_timeout = milliseconds{1'000};
        member.read.max_message = std::size_t{4} << 20U;
        members.push_back(std::move(member));
    }
    EndpointPool pool{io.get_executor(), std::move(members), quick_pool()};
    Nodes world{pool, nodes};
    const std::size_t wanted = ready == 0 ? chains.size() : ready;
    const auto guarded = [&]() -> Task<void> {
        for (int i = 0; i < 400 && pool.ranked().size() < wanted; ++i)
            co_await async::sleep_for(milliseconds{5});
        EXPECT_GE(pool.ranked().size(), wanted);
        co_await body(world);
    };
    std::vector<Task<void>> family;
    for (const auto& node : nodes)
        family.push_back(node->run());
    family.push_back(pool.run());
    family.push_back(guarded());
    async::run_task(io, async::all_of(std::move(family)));
}

inline ReadRequest call_at(const Hash32& block) {
    ReadRequest out;
    out.id = 9;
    out.block_hash = block;
    out.what = std::vector<Call>{Call{}};
    return out;
}

inline ReadRequest logs_over(const Hash32& block, std::uint64_t from, std::uint64_t to) {
    ReadRequest out;
    out.block_hash = block;
    LogQuery query;
    query.from = BlockNumber{from};
    query.to = BlockNumber{to};
    out.what = std::move(query);
    return out;
}

/// The block that an answered call_at() was made at.
inline std::uint64_t number_called(const ReadResult& read) {
    EXPECT_TRUE(read.bytes.has_value()) << read.bytes.error().context;
    const Bytes bytes = read.bytes.value_or(Bytes{});
    const auto results = codec::decode_aggregate3(bytes);
    if (!results || results->size() != 1 || results->front().data.size() != 32) return 0;
    return (std::uint64_t{results->front().data[30]} << 8U) + results->front().data[31];
}

inline void expect_all_logs(const ReadResult& read, const SmallChain& chain, std::uint64_t from,
                            std::uint64_t to) {
    ASSERT_TRUE(read.bytes.has_value()) << read.bytes.error().context;
    const auto logs = codec::decode_logs(*read.bytes);
    ASSERT_TRUE(logs.has_value());
    ASSERT_EQ(logs->size(), to - from + 1);
    for (std::uint64_t i = 0; i < logs->size(); ++i)
        ASSERT_EQ((*logs)[i].block_hash, chain.hash_of(from + i)) << from + i;
}

}  // namespace plimsoll::faults
