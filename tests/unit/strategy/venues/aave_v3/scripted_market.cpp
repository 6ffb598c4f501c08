// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/primitives/keccak.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>
#include <deque>

namespace plimsoll::strategy::aave_v3 {

namespace {

Bytes calldata(std::string_view signature, const std::vector<Hash32>& arguments) {
    const Hash32 hash = keccak256(signature);
    codec::AbiWriter writer{codec::Selector{hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]}};
    for (const Hash32& argument : arguments)
        writer.word(argument);
    return writer.take();
}

U256 word_of(const Address& address) {
    return address.to_word().as_u256();
}

Bytes words(const std::vector<U256>& values) {
    codec::AbiWriter writer;
    for (const U256& value : values)
        writer.u256(value);
    return writer.take();
}

Bytes text(std::string_view value) {
    return codec::AbiWriter{}.text(value).take();
}

U256 configuration(std::uint64_t threshold, std::uint64_t bonus, std::uint64_t decimals,
                   std::uint64_t category) {
    U256 out{threshold};
    out = (U256{threshold} << 16U) + (U256{bonus} << 32U) + (U256{decimals} << 48U);
    out = out + (U256{1} << 56U) + (U256{1} << 63U) + (U256{1'000} << 152U) + (U256{category} << 168U);
    return out;
}

Bytes category(std::uint64_t threshold, std::uint64_t bonus, const Address& source) {
    codec::AbiWriter tuple;
    tuple.u256(U256{threshold}).u256(U256{threshold}).u256(U256{bonus}).address(source).text("label");
    return codec::AbiWriter{}.dynamic(tuple).take();
}

}  // namespace

Address at(std::uint64_t number) {
    return Address::from_word(Hash32::from_u256(U256{number}));
}

Head head(std::uint64_t number) {
    Head out;
    out.hash = Hash32::from_u256(U256{0xB10C0000 + number});
    out.parent_hash = Hash32::from_u256(U256{0xB10C0000 + number - 1});
    out.number = BlockNumber{number};
    out.timestamp = Timestamp{1'700'000'000 + 12 * number};
    return out;
}

Address underlying(ReserveId reserve) {
    return at(0x200 + reserve);
}
Address supply_token(ReserveId reserve) {
    return at(0x300 + reserve);
}
Address debt_token(ReserveId reserve) {
    return at(0x400 + reserve);
}

Log event(const Address& emitter, const Hash32& topic0, const std::vector<Hash32>& indexed,
          const std::vector<U256>& data) {
    Log out;
    out.address = emitter;
    out.topics[0] = topic0;
    for (std::size_t i = 0; i < indexed.size(); ++i)
        out.topics.at(i + 1) = indexed[i];
    out.topic_count = static_cast<std::uint8_t>(indexed.size() + 1);
    out.data.assign(words(data));
    return out;
}

void ScriptedMarket::answer(const Address& to, std::string_view signature,
                            const std::vector<Hash32>& arguments, Bytes bytes) {
    table_[{to, calldata(signature, arguments)}] = {true, std::move(bytes)};
}

void ScriptedMarket::answer(const Address& to, std::string_view signature,
                            const std::vector<Hash32>& arguments, const U256& word) {
    answer(to, signature, arguments, words({word}));
}

void ScriptedMarket::reverts(const Address& to, std::string_view signature,
                             const std::vector<Hash32>& arguments, Bytes data) {
    table_[{to, calldata(signature, arguments)}] = {false, std::move(data)};
}

void ScriptedMarket::add_reserve(ReserveId reserve, std::uint64_t pool_id, std::string_view symbol,
                                 const U256& bits) {
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    const U256 updated{head(kBootBlock).timestamp.value};
    answer(kPool, "getReserveData(address)", about,
           words({bits, kRay, U256{0}, kRay, U256{0}, U256{0}, updated, U256{pool_id},
                  word_of(supply_token(reserve)), word_of(at(0x500 + reserve)), word_of(debt_token(reserve)),
                  U256{1}, U256{0}, U256{0}, U256{0}}));
    answer(underlying(reserve), "symbol()", {}, text(symbol));
    answer(supply_token(reserve), "scaledTotalSupply()", {}, U256{0});
    answer(debt_token(reserve), "scaledTotalSupply()", {}, U256{0});
    answer(at(0x500 + reserve), "totalSupply()", {}, U256{0});
    answer(kOracle, "getSourceOfAsset(address)", about, word_of(at(0x600 + reserve)));
    answer(underlying(reserve), "balanceOf(address)", {supply_token(reserve).to_word()}, pow10(27));
}

void ScriptedMarket::add_holder(const Address& who, ReserveId reserve, bool debt, const U256& scaled) {
    const Address token = debt ? debt_token(reserve) : supply_token(reserve);
    answer(token, "scaledBalanceOf(address)", {who.to_word()}, scaled);
    Bytes total;
    const auto known = table_.find({token, calldata("scaledTotalSupply()", {})});
    answer(token, "scaledTotalSupply()", {}, U256::from_be(known->second.second) + scaled);
    Log mint = event(token, topics::kMint, {who.to_word(), who.to_word()}, {scaled, U256{0}, kRay});
    mint.block_number = BlockNumber{50 + logs.size()};
    logs.push_back(mint);
}

ScriptedMarket::ScriptedMarket() {
    answer(kPool, "POOL_REVISION()", {}, U256{1});
    answer(kPool, "ADDRESSES_PROVIDER()", {}, word_of(kProvider));
    answer(kPool, "getReservesList()", {},
           words({U256{32}, U256{3}, word_of(underlying(kEther)), word_of(underlying(kDollar)),
                  word_of(underlying(kStaked))}));
    answer(kPool, "FLASHLOAN_PREMIUM_TOTAL()", {}, U256{9});
    answer(kProvider, "getPriceOracle()", {}, word_of(kOracle));
    answer(kProvider, "getPriceOracleSentinel()", {}, U256{0});
    answer(kProvider, "getPoolConfigurator()", {}, word_of(kConfigurator));
    answer(kOracle, "BASE_CURRENCY_UNIT()", {}, U256{100'000'000});
    for (std::uint64_t id = 1; id <= 255; ++id) {
        answer(kPool, "getEModeCategoryData(uint8)", {Hash32::from_u256(U256{id})},
               id == 1 ? category(9'500, 10'100, {}) : category(0, 0, {}));
    }
    add_reserve(kEther, 0, "WETH", configuration(8'300, 10'500, 18, 1));
    add_reserve(kDollar, 2, "USDC", configuration(7'800, 10'450, 6, 0));  // the pool's id 1 is a hole
    add_reserve(kStaked, 3, "wstETH", configuration(8'100, 10'600, 18, 1));
    const auto price = [this](ReserveId reserve, std::uint64_t value) {
        answer(kOracle, "getAssetPrice(address)", {underlying(reserve).to_word()}, U256{value});
        answer(at(0x600 + reserve), "latestAnswer()", {}, U256{value});
    };
    price(kEther, 200'000'000'000);
    price(kDollar, 100'000'000);
    price(kStaked, 230'000'000'000);
    answer(at(0x600), "aggregator()", {}, U256{kEtherAggregator});
    answer(at(0x601), "aggregator()", {}, U256{kDollarAggregator});
    // Account 1: 10 ether against 15,000 dollars; account 2: a dollar supply that is no collateral, and 1
    // staked ether.
    add_holder(at(1), kEther, false, U256{10} * pow10(18));
    add_holder(at(1), kDollar, true, U256{15'000'000'000});
    add_holder(at(2), kDollar, false, U256{20'000'000'000});
    add_holder(at(2), kStaked, false, pow10(18));
    answer(kPool, "getUserConfiguration(address)", {at(1).to_word()}, U256{0b10010});
    answer(kPool, "getUserConfiguration(address)", {at(2).to_word()}, U256{0b10000000});
    answer(kPool, "getUserEMode(address)", {at(2).to_word()}, U256{1});
    Log mode = event(kPool, topics::kUserEModeSet, {at(2).to_word()}, {U256{1}});
    mode.block_number = BlockNumber{60};
    logs.push_back(mode);
}

void ScriptedMarket::become(std::uint64_t revision) {
    answer(kPool, "POOL_REVISION()", {}, U256{revision});
    for (std::uint64_t id = 1; id <= 255; ++id) {
        const std::vector<Hash32> about{Hash32::from_u256(U256{id})};
        answer(
            kPool, "getEModeCategoryCollateralConfig(uint8)", about,
            id == 1 ? words({U256{9'300}, U256{9'500}, U256{10'100}}) : words({U256{0}, U256{0}, U256{0}}));
        // Bits are places in the pool's list: 0 ether, 3 staked ether, 1 a dropped reserve.
        answer(kPool, "getEModeCategoryCollateralBitmap(uint8)", about, U256{id == 1 ? 0b1011U : 0U});
    }
    for (const ReserveId reserve : {kEther, kDollar, kStaked}) {
        const std::vector<Hash32> about{underlying(reserve).to_word()};
        answer(kPool, "getLiquidationGracePeriod(address)", about, U256{0});
        answer(kPool, "getVirtualUnderlyingBalance(address)", about, pow10(27));
    }
}

ReadResult ScriptedMarket::serve(const ReadRequest& request) {
    asked.push_back(request);
    if (const auto* query = std::get_if<LogQuery>(&request.what)) {
        if (query->to.value - query->from.value >= largest_log_range) {
            return {request.id, request.block_hash, fail(Errc::limit_exceeded, "range too large")};
        }
        std::vector<Log> found;
        for (const Log& log : logs) {
            const bool inside = query->from <= log.block_number && log.block_number <= query->to;
            const auto& emitters = query->addresses;
            if (inside && std::find(emitters.begin(), emitters.end(), log.address) != emitters.end())
                found.push_back(log);
        }
        return {request.id, request.block_hash, codec::encode_logs(found)};
    }
    std::vector<codec::CallResult> results;
    std::deque<Bytes> computed;
    for (const Call& call : std::get<std::vector<Call>>(request.what)) {
        const auto known = table_.find({call.to, call.data});
        if (known == table_.end()) {
            const auto answered = other ? other(call) : std::nullopt;
            results.push_back({answered.has_value(), computed.emplace_back(answered.value_or(Bytes{}))});
        } else {
            results.push_back({known->second.first, known->second.second});
        }
    }
    return {request.id, request.block_hash, codec::encode_call_results(results)};
}

AaveV3Params ScriptedMarket::params() {
    AaveV3Params out;
    out.id = 3;
    out.name = "scripted";
    out.pool = kPool;
    out.start_block = BlockNumber{40};
    out.log_range = 25;
    out.batch = 7;
    out.undo_blocks = 4;
    return out;
}

Result<void> ScriptedMarket::bootstrap(AaveV3Venue& venue) {
    venue.start(head(kBootBlock));
    std::vector<ReadRequest> open;
    while (!venue.progress().finished) {
        for (ReadRequest& request : venue.next_reads([this] { return ++last_id_; }))
            open.push_back(std::move(request));
        if (open.empty()) return fail(Errc::timed_out, "the venue waits for nothing");
        const ReadRequest request = std::move(open.back());  // answers may come in any order
        open.pop_back();
        PLIMSOLL_CHECK(venue.accept(serve(request)));
    }
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
