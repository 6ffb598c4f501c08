// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/market.hpp"

#include "chain/codec/abi_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/bench/answered_engine.hpp"

#include <array>
#include <utility>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;
using strategy::ReserveId;

namespace {

constexpr std::uint64_t kRevision = 10;
constexpr std::uint64_t kRatioDecimals = 8;
/// What one token is worth in Ether, 8 decimals, by reserve; reserve 1 is the dollar.
constexpr std::array<std::uint64_t, 7> kRatios{1'00000000, 0,          1'15000000, 1'00000000,
                                               1'08000000, 1'10000000, 1'03000000};

Hash32 word(const Address& address) {
    return address.to_word();
}
U256 number(const Address& address) {
    return address.to_word().as_u256();
}
Bytes words(std::initializer_list<U256> values) {
    codec::AbiWriter out;
    for (const U256& value : values)
        out.u256(value);
    return out.take();
}
Address of_reserve(std::uint64_t kind, ReserveId reserve) {
    return aave::at(kind + reserve);
}

std::uint64_t decimals(ReserveId reserve) {
    if (Market::follows_ether(reserve)) return 18;
    if (reserve == Market::kDollar) return 6;
    return std::array<std::uint64_t, 3>{18, 6, 8}.at(reserve % 3U);
}

U256 configuration(ReserveId reserve) {
    const std::uint64_t threshold = Market::follows_ether(reserve) ? 8'300U : 7'000U + 50U * reserve;
    U256 out = U256{threshold} + (U256{threshold} << 16U) + (U256{10'500} << 32U);
    out = out + (U256{decimals(reserve)} << 48U);
    return out + (U256{1} << 56U) + (U256{1} << 63U) + (U256{1'000} << 152U);
}

}  // namespace

std::uint64_t Market::price(ReserveId reserve) {
    if (reserve == kDollar) return 1'00000000;
    if (follows_ether(reserve)) return kCalmPrice / 1'00000000 * kRatios.at(reserve);
    return (1 + 37ULL * reserve * reserve % 700U) * 1'00000000;
}

Address Market::ether_aggregator() {
    return aave::at(aave::kEtherAggregator);
}

Market::Market() {
    std::vector<U256> list{U256{32}, U256{kReserves}};
    for (std::size_t i = 0; i < kReserves; ++i)
        list.push_back(number(aave::underlying(static_cast<ReserveId>(i))));
    codec::AbiWriter reserves;
    for (const U256& value : list)
        reserves.u256(value);
    contracts_.answer(aave::kPool, "getReservesList()", {}, reserves.take());
    for (std::size_t i = 0; i < kReserves; ++i)
        describe(static_cast<ReserveId>(i));
    contracts_.become(kRevision);
    describe_categories();
    // The account of the scripted market that owes: 10 Ether against 15,000 dollars. The other one owes
    // nothing.
    contracts_.answer(aave::kPool, "getUserConfiguration(address)", {word(aave::at(1))}, U256{0b0110});
    contracts_.answer(aave::kPool, "getUserConfiguration(address)", {word(aave::at(2))}, U256{0b100000});
    set_ether_price(kCalmPrice);
}

void Market::describe(ReserveId reserve) {
    const std::vector<Hash32> about{word(aave::underlying(reserve))};
    const U256 updated{aave::head(aave::kBootBlock).timestamp.value};
    const U256 rate{aave::kRay / U256{50}};
    contracts_.answer(
        aave::kPool, "getReserveData(address)", about,
        words({configuration(reserve), aave::kRay, rate, aave::kRay, rate * U256{2}, U256{0}, updated,
               U256{reserve}, number(aave::supply_token(reserve)), number(of_reserve(0x500, reserve)),
               number(aave::debt_token(reserve)), U256{1}, U256{0}, U256{0}, U256{0}}));
    contracts_.answer(aave::kPool, "getLiquidationGracePeriod(address)", about, U256{0});
    contracts_.answer(aave::kPool, "getVirtualUnderlyingBalance(address)", about, pow10(27));
    contracts_.answer(aave::kOracle, "getSourceOfAsset(address)", about, number(of_reserve(0x600, reserve)));
    contracts_.answer(aave::kOracle, "getAssetPrice(address)", about, U256{price(reserve)});
    if (reserve > 2) {
        const std::string symbol = "R" + std::to_string(reserve);
        contracts_.answer(aave::underlying(reserve), "symbol()", {}, codec::AbiWriter{}.text(symbol).take());
        contracts_.answer(aave::supply_token(reserve), "scaledTotalSupply()", {}, U256{0});
        contracts_.answer(aave::debt_token(reserve), "scaledTotalSupply()", {}, U256{0});
    }
    if (follows_ether(reserve) && reserve != kEther) {
        describe_ratio(reserve);
    } else {
        contracts_.answer(of_reserve(0x600, reserve), "latestAnswer()", {}, U256{price(reserve)});
        contracts_.answer(of_reserve(0x600, reserve), "aggregator()", {},
                          number(aave::at(aave::kEtherAggregator + reserve)));
    }
    if (reserve == kDollar) return;
    const U256 unit = pow10(static_cast<unsigned>(decimals(reserve)));
    const U256 tokens = U256{1'000'000'000} * unit * U256{1'00000000} / U256{price(reserve)};
    pools_.add_pool(aave::underlying(reserve), aave::underlying(kDollar), 500, tokens,
                    U256{1'000'000'000} * pow10(6));
}

/// As CLSynchronicityPriceAdapterPegToBase: so many Ether, times the price of Ether.
void Market::describe_ratio(ReserveId reserve) {
    const Address source = of_reserve(0x600, reserve);
    const Address ratio = of_reserve(0x800, reserve);
    contracts_.reverts(source, "aggregator()", {});
    contracts_.answer(source, "ASSET_TO_PEG()", {}, number(ratio));
    contracts_.answer(source, "PEG_TO_BASE()", {}, number(of_reserve(0x600, kEther)));
    contracts_.answer(source, "DENOMINATOR()", {}, pow10(kRatioDecimals + 8));
    contracts_.answer(source, "DECIMALS()", {}, U256{8});
    contracts_.answer(ratio, "aggregator()", {}, number(of_reserve(0xA00, reserve)));
    contracts_.answer(ratio, "latestAnswer()", {}, U256{kRatios.at(reserve)});
}

void Market::describe_categories() {
    const std::array<std::uint64_t, 2> members{0b1111101, 0b111U << 8U | 0b10U};
    const std::array<std::uint64_t, 2> thresholds{9'500, 9'300};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::vector<Hash32> about{Hash32::from_u256(U256{i + 1})};
        contracts_.answer(aave::kPool, "getEModeCategoryCollateralConfig(uint8)", about,
                          words({U256{thresholds.at(i) - 100}, U256{thresholds.at(i)}, U256{10'100}}));
        contracts_.answer(aave::kPool, "getEModeCategoryCollateralBitmap(uint8)", about, U256{members.at(i)});
    }
}

void Market::set_ether_price(std::uint64_t price) {
    for (std::size_t i = 0; i < kRatios.size(); ++i) {
        const auto reserve = static_cast<ReserveId>(i);
        if (!follows_ether(reserve)) continue;
        const U256 value = U256{price} * U256{kRatios.at(i)} / pow10(kRatioDecimals);
        contracts_.answer(aave::kOracle, "getAssetPrice(address)", {word(aave::underlying(reserve))}, value);
    }
    contracts_.answer(of_reserve(0x600, kEther), "latestAnswer()", {}, U256{price});
}

ReadResult Market::answer(const ReadRequest& request) {
    return answer_from(contracts_, pools_, request);
}

void Market::answer_accounts(std::function<std::optional<Bytes>(const Call&)> answer) {
    contracts_.other = std::move(answer);
}

std::unique_ptr<strategy::Engine> Market::unread_engine(bool speculate, std::uint32_t armed) {
    strategy::EngineParams params;
    params.speculate = speculate;
    params.armed = armed;
    params.triggers = armed != 0;
    params.audit_batch = 1'000'000;  // everybody is compared at once, before anything is measured
    return bench::unread_engine(std::move(params));
}

}  // namespace plimsoll::bench
