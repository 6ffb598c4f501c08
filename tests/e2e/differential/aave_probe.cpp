// SPDX-License-Identifier: Apache-2.0
// What the Aave V3 venue's arithmetic makes of random accounts and token movements: each line of standard
// input is a JSON case, each answer one line of standard output.
#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/token_event.hpp"

#include <simdjson.h>

#include <exception>
#include <iostream>
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
        const Valuation at{rules_, book_, view_.at(rules_, book_, now), prices_, now, true};
        const AccountData data = account_data(at, 0);
        const LiquidationRequest request{0, static_cast<ReserveId>(number(line, "collateral").low64()),
                                         static_cast<ReserveId>(number(line, "debt").low64()),
                                         number(line, "cover")};
        return std::string{"{\"valued\":"} + (data.valued ? "true" : "false") +
               field("totalCollateral", data.collateral) + field("totalDebt", data.debt) +
               field("threshold", U256{data.threshold.value}) +
               field("healthFactor", data.health_factor.raw()) +
               ",\"exact\":" + to_json(liquidate(at, request, data)) +
               ",\"largest\":" + to_json(largest_liquidation(at, request, data, U256::max())) + "}";
    }

  private:
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

/// Every rounding of two numbers; an entry is null where the contract would revert.
std::string round(const Element& line) {
    const Rules& rules = rules_of(line);
    const U256 a = number(line, "a");
    const U256 b = number(line, "b");
    const BasisPoints percentage{number(line, "percentage").low64()};
    const auto tried = [](const auto& work) -> std::string {
        try {
            return "\"" + to_decimal(work()) + "\"";
        } catch (const ArithmeticError&) {
            return "null";
        }
    };
    const std::uint64_t elapsed = number(line, "elapsed").low64();
    const U256 rate = number(line, "rate");
    return "[" + tried([&] { return ray_mul_half_up(a, b); }) + "," +
           tried([&] { return ray_div_half_up(a, b); }) + "," + tried([&] { return wad_div_half_up(a, b); }) +
           "," + tried([&] { return percent_mul_half_up(a, percentage); }) + "," +
           tried([&] { return percent_div_half_up(a, percentage); }) + "," +
           tried([&] { return linear_interest(rate, elapsed); }) + "," +
           tried([&] { return compounded_interest(rules, rate, elapsed); }) + "," +
           tried([&] { return ray_mul_down(a, b); }) + "," + tried([&] { return ray_mul_up(a, b); }) + "," +
           tried([&] { return ray_div_down(a, b); }) + "," + tried([&] { return ray_div_up(a, b); }) + "," +
           tried([&] { return percent_mul_down(a, percentage); }) + "," +
           tried([&] { return percent_mul_up(a, percentage); }) + "," +
           tried([&] { return percent_div_up(a, percentage); }) + "]";
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
