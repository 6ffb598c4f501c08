// SPDX-License-Identifier: Apache-2.0
// What the Aave V3 venue's arithmetic makes of random accounts and token movements: each line of standard
// input is a JSON case, each answer one line of standard output.
#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/narrow_math.hpp"
#include "strategy/venues/aave_v3/token_event.hpp"

#include <simdjson.h>

#include <array>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>

namespace plimsoll::strategy::aave_v3 {

namespace {

using Element = simdjson::dom::element;

constexpr std::uint64_t kNow = 4'000'000'000;

U256 number(const Element& from, const char* field) {
    return parse_decimal(std::string_view{from[field]}).value();
}

std::string field(const char* name, const U256& value) {
    return std::string{",\""} + name + "\":\"" + to_decimal(value) + "\"";
}

const Rules& rules_of(const Element& line) {
    const auto found = rules_for(number(line, "revision"));
    if (!found) throw std::runtime_error(found.error().context);
    return **found;
}

std::string to_json(const std::optional<Liquidation>& what) {
    if (!what) return "null";
    return "{\"done\":true" + field("repaid", what->repaid.raw()) + field("seized", what->seized.raw()) +
           field("fee", what->protocol_fee.raw()) + "}";
}

/// One account over reserves that are numbered from 0.
class World {
  public:
    explicit World(const Element& line) : rules_{rules_of(line)} {
        const auto reserves = line["reserves"].get_array().value();
        book_.reset(reserves.size());
        BookWriter writer = BookWriter::baseline(book_);
        writer.account({});
        ReserveId next = 0;
        for (const Element reserve : reserves)
            add(writer, next++, reserve);
        const auto category = static_cast<std::uint8_t>(number(line, "category").low64());
        writer.set_category(0, category);
        if (category == 0) return;
        writer.set_category_state(category, {BasisPoints{number(line, "categoryThreshold").low64()},
                                             BasisPoints{number(line, "categoryBonus").low64()},
                                             number(line, "categoryReserves").low128()});
    }

    [[nodiscard]] std::string judge(const Element& line) {
        const Timestamp now{kNow};
        std::uint64_t wide = 0;
        const Valuation at{rules_, book_, view_.at(rules_, book_, now), prices_, now, true, &wide};
        const AccountData data = account_data(at, 0);
        if (!same(data, account_data_wide(at, 0))) throw std::runtime_error{"128 and 256 bits disagree"};
        const LiquidationRequest request{0, static_cast<ReserveId>(number(line, "collateral").low64()),
                                         static_cast<ReserveId>(number(line, "debt").low64()),
                                         number(line, "cover")};
        return std::string{"{\"valued\":"} + (data.valued ? "true" : "false") +
               ",\"narrow\":" + (data.valued && wide == 0 ? "true" : "false") +
               field("totalCollateral", data.collateral) + field("totalDebt", data.debt) +
               field("threshold", U256{data.threshold.value}) +
               field("healthFactor", data.health_factor.raw()) +
               ",\"exact\":" + to_json(liquidate(at, request, data)) +
               ",\"largest\":" + to_json(largest_liquidation(at, request, data, U256::max())) + "}";
    }

  private:
    static bool same(const AccountData& a, const AccountData& b) {
        return a.valued == b.valued && a.collateral == b.collateral && a.debt == b.debt &&
               a.threshold == b.threshold && a.health_factor == b.health_factor;
    }
    void add(BookWriter& writer, ReserveId id, const Element& from) {
        ReserveState state;
        state.decimals = static_cast<std::uint8_t>(number(from, "decimals").low64());
        state.threshold = BasisPoints{number(from, "threshold").low64()};
        state.bonus = BasisPoints{number(from, "bonus").low64()};
        state.protocol_fee = BasisPoints{number(from, "protocolFee").low64()};
        state.supply_index = number(from, "supplyIndex").low128();
        state.supply_rate = number(from, "supplyRate").low128();
        state.debt_index = number(from, "debtIndex").low128();
        state.debt_rate = number(from, "debtRate").low128();
        state.updated = Timestamp{kNow - number(from, "elapsed").low64()};
        state.active = true;
        writer.set_reserve(id, state);
        writer.set_position(0, id, {number(from, "supply").low128(), number(from, "debt").low128()});
        if (from["isCollateral"].get_bool().value()) writer.set_collateral(0, id, true);
        prices_.push_back(Usd{number(from, "price")});
    }

    const Rules& rules_;
    Book book_{1};
    PriceVector prices_;
    MarketView view_;
};

/// A chain of Mint and Burn events of one holder: the scaled balance after each.
std::string follow(const Element& line) {
    const Rules& rules = rules_of(line);
    const bool supply = line["supply"].get_bool().value();
    U256 scaled = number(line, "before");
    std::string out = "[";
    const simdjson::dom::array events = line["events"].get_array().value();
    for (const Element event : events) {
        const TokenEvent told{event["mint"].get_bool().value(), number(event, "value"),
                              number(event, "increase"), number(event, "index")};
        const auto after = scaled_after(rules, supply ? TokenSide::supply : TokenSide::debt, scaled, told);
        if (!after) return "null";
        scaled = *after;
        out += (out.size() == 1 ? "\"" : ",\"") + to_decimal(scaled) + "\"";
    }
    return out + "]";
}

template <class Work>
std::string wide_or_null(const Work& work) {
    try {
        return "\"" + to_decimal(work()) + "\"";
    } catch (const ArithmeticError&) {
        return "null";
    }
}

template <class Work>
std::string narrow_or_null(const Work& work) {
    NarrowMath math;
    const u128 out = work(math);
    return math.fits() ? "\"" + to_decimal(U256::from_u128(out)) + "\"" : "null";
}

std::string to_list(std::span<const std::string> entries) {
    std::string out = "[";
    for (const std::string& entry : entries)
        out += (out.size() == 1 ? "" : ",") + entry;
    return out + "]";
}

/// The arguments of one set of roundings.
struct Numbers {
    U256 a;
    U256 b;
    BasisPoints percentage;
    U256 rate;
    std::uint64_t elapsed;
};

/// Every rounding; an entry is null where the contract would revert.
std::string round_wide(const Rules& rules, const Numbers& of) {
    const std::array entries{
        wide_or_null([&] { return ray_mul_half_up(of.a, of.b); }),
        wide_or_null([&] { return ray_div_half_up(of.a, of.b); }),
        wide_or_null([&] { return wad_div_half_up(of.a, of.b); }),
        wide_or_null([&] { return percent_mul_half_up(of.a, of.percentage); }),
        wide_or_null([&] { return percent_div_half_up(of.a, of.percentage); }),
        wide_or_null([&] { return linear_interest(of.rate, of.elapsed); }),
        wide_or_null([&] { return compounded_interest(rules, of.rate, of.elapsed); }),
        wide_or_null([&] { return ray_mul_down(of.a, of.b); }),
        wide_or_null([&] { return ray_mul_up(of.a, of.b); }),
        wide_or_null([&] { return ray_div_down(of.a, of.b); }),
        wide_or_null([&] { return ray_div_up(of.a, of.b); }),
        wide_or_null([&] { return percent_mul_down(of.a, of.percentage); }),
        wide_or_null([&] { return percent_mul_up(of.a, of.percentage); }),
        wide_or_null([&] { return percent_div_up(of.a, of.percentage); }),
    };
    return to_list(entries);
}

/// Likewise in 128 bits; an entry is null too where those do not hold it.
std::string round_narrow(const Rules& rules, const Numbers& of) {
    const std::array entries{
        narrow_or_null([&](NarrowMath& math) { return math.ray_mul_half_up(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.ray_div_half_up(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.wad_div_half_up(of.a.low128(), of.b.low128()); }),
        narrow_or_null(
            [&](NarrowMath& math) { return math.percent_mul_half_up(of.a.low128(), of.percentage); }),
        narrow_or_null(
            [&](NarrowMath& math) { return math.percent_div_half_up(of.a.low128(), of.percentage); }),
        narrow_or_null([&](NarrowMath& math) { return math.linear_interest(of.rate.low128(), of.elapsed); }),
        narrow_or_null(
            [&](NarrowMath& math) { return math.compounded_interest(rules, of.rate.low128(), of.elapsed); }),
        narrow_or_null([&](NarrowMath& math) { return math.ray_mul_down(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.ray_mul_up(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.ray_div_down(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.ray_div_up(of.a.low128(), of.b.low128()); }),
        narrow_or_null([&](NarrowMath& math) { return math.percent_mul_down(of.a.low128(), of.percentage); }),
        narrow_or_null([&](NarrowMath& math) { return math.percent_mul_up(of.a.low128(), of.percentage); }),
        narrow_or_null([&](NarrowMath& math) { return math.percent_div_up(of.a.low128(), of.percentage); }),
    };
    return to_list(entries);
}

std::string round(const Element& line) {
    const Rules& rules = rules_of(line);
    const Numbers of{number(line, "a"), number(line, "b"), BasisPoints{number(line, "percentage").low64()},
                     number(line, "rate"), number(line, "elapsed").low64()};
    const bool small = of.a.fits128() && of.b.fits128() && of.rate.fits128();
    return "{\"wide\":" + round_wide(rules, of) +
           ",\"narrow\":" + (small ? round_narrow(rules, of) : "null") + "}";
}

std::string answer(const Element& line) {
    const std::string_view op{line["op"]};
    if (op == "account") return World{line}.judge(line);
    if (op == "follow") return follow(line);
    if (op == "round") return round(line);
    throw std::runtime_error("unknown op");
}

}  // namespace

}  // namespace plimsoll::strategy::aave_v3

int main() {
    try {
        simdjson::dom::parser parser;
        for (std::string line; std::getline(std::cin, line);)
            std::cout << plimsoll::strategy::aave_v3::answer(parser.parse(line)) << '\n';
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "aave probe: " << error.what() << '\n';
        return 1;
    }
}
