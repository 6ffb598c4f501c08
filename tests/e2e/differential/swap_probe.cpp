// SPDX-License-Identifier: Apache-2.0
// Answers quotes for swap.test.mjs: one JSON object a line in, one JSON value a line out. A pool is told
// once, by "pool"; from then on only its logs are. Numbers travel as decimal strings, failures as {"error":
// text}.
#include "chain/primitives/hex.hpp"
#include "strategy/routes/pool_state.hpp"
#include "tests/e2e/differential/answer_lines.hpp"

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::testing {
namespace {

using simdjson::dom::element;
using namespace strategy::uniswap_v3;

i128 signed_of(element value) {
    const std::string_view text = text_of(value);
    const bool negative = text.starts_with('-');
    const auto magnitude = static_cast<i128>(expect(parse_decimal(text.substr(negative ? 1 : 0))).low128());
    return negative ? -magnitude : magnitude;
}

Tick tick_of(element value) {
    return static_cast<Tick>(value.get_int64().value());
}

std::map<std::string, PoolState, std::less<>> pools;

PoolState& pool_of(element request) {
    const auto found = pools.find(text_of(request["pool"]));
    if (found == pools.end()) throw std::runtime_error{"unknown pool"};
    return found->second;
}

std::string learn(element request) {
    const auto fee = static_cast<std::uint32_t>(request["fee"].get_uint64().value());
    PoolState pool{
        Slot{number_of(request["price"]), tick_of(request["tick"]), number_of(request["liquidity"]).low128()},
        PoolLiquidity{fee, tick_of(request["spacing"])}};
    std::vector<InitialisedTick> ticks;
    for (const element one : request["ticks"].get_array()) {
        ticks.push_back(
            InitialisedTick{tick_of(one["tick"]), signed_of(one["net"]), number_of(one["gross"]).low128()});
    }
    pool.liquidity.learn(tick_of(request["firstWord"]), tick_of(request["lastWord"]), ticks);
    pools.insert_or_assign(std::string{text_of(request["pool"])}, std::move(pool));
    return "true";
}

/// Applies the logs; undoes and applies them again if "twice".
std::string follow(element request) {
    PoolState& pool = pool_of(request);
    std::vector<PoolChange> done;
    const auto apply_all = [&] {
        for (const element one : request["logs"].get_array()) {
            Log log;
            for (const element topic : one["topics"].get_array())
                log.topics.at(log.topic_count++) = expect(parse_hash(text_of(topic)));
            log.data = LogData{expect(parse_hex(text_of(one["data"])))};
            if (const auto change = expect(apply(pool, log))) done.push_back(*change);
        }
    };
    apply_all();
    for (; request["twice"].get_bool().value() && !done.empty(); done.pop_back()) {
        if (!undo(pool, done.back())) throw std::logic_error{"a change could not be undone"};
    }
    if (request["twice"].get_bool().value()) apply_all();
    return std::to_string(done.size());
}

std::string ends_of(SwapEnd end) {
    if (end == SwapEnd::filled) return "filled";
    return end == SwapEnd::exhausted ? "exhausted" : "beyond";
}

std::string quote(element request) {
    const PoolState& pool = pool_of(request);
    const SwapOrder order{request["zeroForOne"].get_bool().value(), request["exactIn"].get_bool().value(),
                          number_of(request["amount"])};
    const SwapOutcome out = pool.liquidity.swap(pool.slot, order, true);
    return R"({"end":")" + ends_of(out.end) + R"(","in":")" + to_decimal(out.amount_in) + R"(","out":")" +
           to_decimal(out.amount_out) + R"(","price":")" + to_decimal(out.after.sqrt_price) + R"(","tick":)" +
           std::to_string(out.after.tick) + R"(,"ticks":)" + std::to_string(out.ticks) + "}";
}

std::string state(element request) {
    const PoolState& pool = pool_of(request);
    std::string ticks;
    for (const InitialisedTick& one : pool.liquidity.ticks()) {
        ticks += (ticks.empty() ? "" : ",") + std::string{"["} + std::to_string(one.tick) + R"(,")" +
                 to_decimal(U256::from_u128(one.gross)) + "\"]";
    }
    return R"({"price":")" + to_decimal(pool.slot.sqrt_price) + R"(","tick":)" +
           std::to_string(pool.slot.tick) + R"(,"liquidity":")" +
           to_decimal(U256::from_u128(pool.slot.liquidity)) + R"(","ticks":[)" + ticks + "]}";
}

std::string answer(element request) {
    const std::string_view op = text_of(request["op"]);
    if (op == "pool") return learn(request);
    if (op == "logs") return follow(request);
    if (op == "quote") return quote(request);
    if (op == "state") return state(request);
    throw std::runtime_error{"unknown op"};
}

}  // namespace
}  // namespace plimsoll::testing

int main() {
    return plimsoll::testing::answer_lines(&plimsoll::testing::answer);
}
