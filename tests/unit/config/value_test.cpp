// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

#include "config/suggest.hpp"

#include <gtest/gtest.h>

namespace plimsoll::config {
namespace {

Scalar text(const char* value) {
    return std::string{value};
}

template <class T>
T value_of(const char* source) {
    const auto parsed = parse(text(source), As<T>{});
    EXPECT_TRUE(parsed) << source;
    return parsed.value_or(T{});
}

template <class T>
ProblemCode refusal_of(const Scalar& source) {
    const auto parsed = parse(source, As<T>{});
    EXPECT_FALSE(parsed) << quoted(source);
    return parsed ? ProblemCode::unreadable : parsed.error().code;
}

TEST(Value, HoldsAmountsExactlyInTheSmallestUnit) {
    EXPECT_EQ(value_of<Usd>("5 usd"), Usd{500'000'000});
    EXPECT_EQ(value_of<Usd>("0.00000001 usd"), Usd{1});
    EXPECT_EQ(value_of<Usd>("12.340 usd"), Usd{1'234'000'000});
    EXPECT_EQ(value_of<Wei>("0.000000001 gwei"), Wei{1});
    EXPECT_EQ(value_of<Wei>("200 gwei"), Wei{200'000'000'000});
    EXPECT_EQ(value_of<Wei>("7 wei"), Wei{7});
    EXPECT_EQ(value_of<NativeAmount>("0.05 eth"), NativeAmount{50'000'000'000'000'000});
    EXPECT_EQ(value_of<NativeAmount>("0.000000000000000001 eth"), NativeAmount{1});
    EXPECT_EQ(value_of<Blocks>("1 block"), Blocks{1});
}

TEST(Value, KnowsDurations) {
    using std::chrono::milliseconds;
    EXPECT_EQ(value_of<milliseconds>("250ms"), milliseconds{250});
    EXPECT_EQ(value_of<milliseconds>("1.5s"), milliseconds{1500});
    EXPECT_EQ(value_of<milliseconds>("12 s"), milliseconds{12000});
    EXPECT_EQ(value_of<milliseconds>("2m"), milliseconds{120000});
    EXPECT_EQ(value_of<milliseconds>("1h"), milliseconds{3600000});
}

TEST(Value, RefusesWhatItWouldHaveToRoundOrGuess) {
    EXPECT_EQ(refusal_of<Usd>(text("0.000000001 usd")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<Wei>(text("0.5 wei")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<std::chrono::milliseconds>(text("0.5ms")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<Usd>(text("1.2.3 usd")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<Usd>(text("5. usd")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<Usd>(text(".5 usd")), ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<Usd>(text("1e3 usd")), ProblemCode::bad_unit);
    EXPECT_EQ(refusal_of<Usd>(text("5")), ProblemCode::bad_unit);
    EXPECT_EQ(refusal_of<Usd>(text("5 eur")), ProblemCode::bad_unit);
    EXPECT_EQ(refusal_of<Usd>(Scalar{std::int64_t{5}}), ProblemCode::bad_unit);
    EXPECT_EQ(refusal_of<Usd>(Scalar{true}), ProblemCode::wrong_type);
    EXPECT_EQ(refusal_of<Usd>(text("99999999999999999999999999999999999999999999 usd")),
              ProblemCode::bad_value);
    EXPECT_EQ(refusal_of<std::chrono::milliseconds>(text("9000h")), ProblemCode::out_of_range);
    EXPECT_EQ(refusal_of<Blocks>(text("99999999999999999999 blocks")), ProblemCode::out_of_range);
}

TEST(Value, ProposesTheUnitForABareNumber) {
    EXPECT_EQ(parse(Scalar{std::int64_t{200}}, As<Wei>{}).error().fix,
              "write \"200 gwei\", with the unit you mean, in quotes");
}

TEST(Value, HoldsRatiosExactly) {
    EXPECT_EQ(parse(Scalar{1.1}, As<Wad>{}).value(), Wad{1'100'000'000'000'000'000});
    EXPECT_EQ(parse(Scalar{1.000001}, As<Wad>{}).value(), Wad{1'000'001'000'000'000'000});
    EXPECT_EQ(parse(Scalar{std::int64_t{2}}, As<Wad>{}).value(), Wad{2'000'000'000'000'000'000});
}

TEST(Value, KnowsNames) {
    EXPECT_EQ(parse_name(text("aave-v3-main")).value(), "aave-v3-main");
    for (const char* bad : {"", "Aave", "a b", "a_b", "ünï", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
        EXPECT_FALSE(parse_name(text(bad))) << bad;
}

TEST(Value, TextFromAnEnvironmentTakesTheShapeItWouldHaveInAFile) {
    EXPECT_EQ(scalar_from_text("true"), Scalar{true});
    EXPECT_EQ(scalar_from_text("12"), Scalar{std::int64_t{12}});
    EXPECT_EQ(scalar_from_text("1.5"), Scalar{1.5});
    EXPECT_EQ(scalar_from_text("12s"), Scalar{std::string{"12s"}});
}

TEST(Suggest, FindsTheNearestAndNothingFarAway) {
    const std::vector<std::string_view> words{"min_profit", "speculate", "health_watch"};
    EXPECT_EQ(nearest("min_porfit", words), "min_profit");
    EXPECT_EQ(nearest("minprofit", words), "min_profit");
    EXPECT_EQ(nearest("healthwatch", words), "health_watch");
    EXPECT_EQ(nearest("colour", words), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), words), "");
}

}  // namespace
}  // namespace plimsoll::config
