// SPDX-License-Identifier: Apache-2.0
#include "signer/breaker.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace plimsoll::signer {
namespace {

constexpr std::uint64_t kBegin = 1'700'000'000;

Usd dollars(std::uint64_t whole) {
    return Usd{U256{whole} * pow10(8)};
}

LossBreaker breaker() {
    LossBreaker out{BreakerLimits{dollars(100), dollars(300), 600}};
    out.at(Timestamp{kBegin});
    return out;
}

void lose(LossBreaker& one, std::uint64_t id, std::uint64_t whole) {
    one.sent(id);
    one.landed(id, Usd{}, dollars(whole));
}

TEST(LossBreaker, OpensWhenAnHourHasLostTooMuch) {
    LossBreaker one = breaker();
    lose(one, 1, 60);
    EXPECT_EQ(one.state(), BreakerState::closed);
    one.landed(2, dollars(20), dollars(0));
    lose(one, 3, 59);
    EXPECT_EQ(one.lost(3'600), dollars(99)) << "gains are taken off";
    EXPECT_EQ(one.allows(), std::nullopt);
    lose(one, 4, 1);
    EXPECT_EQ(one.state(), BreakerState::open);
    EXPECT_EQ(one.allows(), 0U);
}

TEST(LossBreaker, OldLossesDoNotOpenIt) {
    LossBreaker one = breaker();
    lose(one, 1, 99);
    one.at(Timestamp{kBegin + 3'600});
    lose(one, 2, 99);
    EXPECT_EQ(one.state(), BreakerState::closed);
}

PastResult past(std::uint64_t id, std::uint64_t sent, std::uint64_t ended, std::uint64_t gained,
                std::uint64_t lost) {
    return PastResult{id, Timestamp{kBegin + sent}, Timestamp{kBegin + ended}, dollars(gained),
                      dollars(lost)};
}

/// As a breaker stands that lived through it, or one that is told afterwards, at `now`.
LossBreaker after_restart(const std::vector<PastResult>& all, std::uint64_t now) {
    LossBreaker out{BreakerLimits{dollars(100), dollars(300), 600}};
    out.replay(all);
    out.at(Timestamp{kBegin + now});
    return out;
}

TEST(LossBreaker, ARestartNeitherClosesNorForgets) {
    const std::vector<PastResult> losses{past(1, 0, 12, 0, 60), past(2, 5, 30, 0, 45)};
    const LossBreaker open = after_restart(losses, 40);
    EXPECT_EQ(open.state(), BreakerState::open);
    EXPECT_EQ(open.lost(3'600), dollars(105));
    EXPECT_EQ(after_restart(losses, 629).state(), BreakerState::open);
    EXPECT_EQ(after_restart(losses, 630).state(), BreakerState::half_open) << "600 s after it opened";
    EXPECT_EQ(after_restart(losses, 630).allows(), 1U);
    EXPECT_EQ(after_restart({}, 40).state(), BreakerState::closed);
}

TEST(LossBreaker, ARestartKnowsWhichOneWasTheTrialAndWhatItCameTo) {
    std::vector<PastResult> all{past(1, 0, 12, 0, 100), past(2, 5, 700, 9, 0), past(3, 650, 720, 9, 2)};
    LossBreaker closed = after_restart(all, 730);
    EXPECT_EQ(closed.state(), BreakerState::closed);
    lose(closed, 4, 99);
    EXPECT_EQ(closed.state(), BreakerState::closed) << "what opened it is forgiven";
    all.back() = past(3, 650, 720, 2, 9);
    EXPECT_EQ(after_restart(all, 730).state(), BreakerState::open);
    EXPECT_EQ(after_restart(all, 1'319).state(), BreakerState::open);
    EXPECT_EQ(after_restart(all, 1'320).state(), BreakerState::half_open);
}

TEST(LossBreaker, ALossOfTheDayIsStillOneAfterARestart) {
    const std::vector<PastResult> all{past(1, 0, 10, 0, 99), past(2, 4'000, 4'010, 0, 99),
                                      past(3, 8'000, 8'010, 0, 99), past(4, 12'000, 12'010, 0, 3)};
    EXPECT_EQ(after_restart(all, 20'000).state(), BreakerState::exhausted);
    EXPECT_EQ(after_restart(all, 86'409).state(), BreakerState::exhausted);
    EXPECT_EQ(after_restart(all, 86'410).state(), BreakerState::closed);
}

TEST(LossBreaker, LetsOneThroughAfterThePauseAndClosesIfItGains) {
    LossBreaker one = breaker();
    lose(one, 1, 100);
    one.at(Timestamp{kBegin + 599});
    EXPECT_EQ(one.allows(), 0U);
    one.at(Timestamp{kBegin + 600});
    EXPECT_EQ(one.state(), BreakerState::half_open);
    EXPECT_EQ(one.allows(), 1U);
    one.sent(2);
    EXPECT_EQ(one.allows(), 0U) << "one at a time";
    one.landed(2, dollars(3), dollars(1));
    EXPECT_EQ(one.state(), BreakerState::closed);
    lose(one, 3, 99);
    EXPECT_EQ(one.state(), BreakerState::closed) << "what opened it is forgiven";
    one.at(Timestamp{kBegin + 602});
    lose(one, 4, 100);
    EXPECT_EQ(one.state(), BreakerState::open);
}

TEST(LossBreaker, OpensAgainIfTheTrialLoses) {
    LossBreaker one = breaker();
    lose(one, 1, 100);
    one.at(Timestamp{kBegin + 700});
    lose(one, 2, 1);
    EXPECT_EQ(one.state(), BreakerState::open);
    one.at(Timestamp{kBegin + 1'299});
    EXPECT_EQ(one.allows(), 0U);
    one.at(Timestamp{kBegin + 1'300});
    EXPECT_EQ(one.allows(), 1U);
}

TEST(LossBreaker, ATrialThatNeverLandsProvesNothing) {
    LossBreaker one = breaker();
    lose(one, 1, 100);
    one.at(Timestamp{kBegin + 600});
    one.sent(2);
    one.ended(3);
    EXPECT_EQ(one.allows(), 0U);
    one.ended(2);
    EXPECT_EQ(one.allows(), 1U);
    EXPECT_EQ(one.state(), BreakerState::half_open);
}

TEST(LossBreaker, WhatWasUnderWayNeitherClosesNorTries) {
    LossBreaker one = breaker();
    one.sent(7);
    lose(one, 1, 100);
    one.landed(7, dollars(500), dollars(0));
    EXPECT_EQ(one.state(), BreakerState::open) << "it was sent before";
}

TEST(LossBreaker, TheLossesOfADayHaveNoWayBackButTime) {
    LossBreaker one = breaker();
    for (std::uint64_t hour = 0; hour < 4; ++hour) {
        one.at(Timestamp{kBegin + hour * 4'000});
        lose(one, hour, 80);
    }
    EXPECT_EQ(one.state(), BreakerState::exhausted);
    EXPECT_EQ(one.allows(), 0U);
    one.at(Timestamp{kBegin + 86'399});
    EXPECT_EQ(one.state(), BreakerState::exhausted);
    one.at(Timestamp{kBegin + 86'400});
    EXPECT_EQ(one.state(), BreakerState::closed);
}

TEST(LossBreaker, WithoutLimitsItNeverOpens) {
    LossBreaker one{BreakerLimits{}};
    lose(one, 1, 1'000'000);
    EXPECT_EQ(one.allows(), std::nullopt);
}

}  // namespace
}  // namespace plimsoll::signer
