// SPDX-License-Identifier: Apache-2.0
// The small machines of a connection: state, subscriptions.
#include "chain/rpc/connection_state.hpp"
#include "chain/rpc/subscription_table.hpp"

#include <gtest/gtest.h>

namespace plimsoll::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const async::BackoffParams kParams{milliseconds{100}, milliseconds{1'600}};

TEST(ConnectionState, BacksOffWhileItCannotBeOpened) {
    ConnectionState state{kParams};
    const ConnectionState::Clock::time_point now{};
    const Error error{Errc::disconnected, "refused"};
    EXPECT_EQ(state.lost(error, now, 0), milliseconds{50});
    EXPECT_EQ(state.lost(error, now, 0), milliseconds{100});
    EXPECT_EQ(state.lost(error, now, 0), milliseconds{200});
    EXPECT_EQ(state.last_error(), error);
}

TEST(ConnectionState, ForgivesOnlyAConnectionThatLasted) {
    ConnectionState state{kParams};
    const Error error{Errc::disconnected, "closed"};
    ConnectionState::Clock::time_point now{};
    static_cast<void>(state.lost(error, now, 0));
    state.opened(now);
    EXPECT_TRUE(state.up());
    now += seconds{1};
    EXPECT_EQ(state.lost(error, now, 0), milliseconds{100}) << "it flaps";
    state.opened(now);
    now += seconds{60};
    EXPECT_EQ(state.lost(error, now, 0), milliseconds{50});
    EXPECT_FALSE(state.up());
}

TEST(ConnectionState, IsSlowWithAWrongChain) {
    ConnectionState state{kParams};
    EXPECT_EQ(state.lost(Error{Errc::wrong_chain, ""}, {}, 0), milliseconds{1'600});
}

TEST(SubscriptionTable, HoldsWhatComesBeforeItsAnswer) {
    SubscriptionTable table;
    EXPECT_FALSE(table.hold("0x1", "frame", {})) << "nobody expects it";
    table.expect();
    EXPECT_TRUE(table.hold("0x1", "first", ReceiveTime{1}));
    EXPECT_TRUE(table.hold("0x2", "other", ReceiveTime{2}));
    EXPECT_TRUE(table.hold("0x1", "second", ReceiveTime{3}));
    const std::uint32_t number = table.confirm("0x1", SubscriptionKind::heads);
    const auto held = table.take_held("0x1");
    ASSERT_EQ(held.size(), 2U);
    EXPECT_EQ(held[1].text, "second");
    EXPECT_EQ(held[1].received, ReceiveTime{3});
    EXPECT_EQ(table.find("0x1")->number, number);
    EXPECT_FALSE(table.hold("0x2", "late", {})) << "nothing is expected any more";
}

TEST(SubscriptionTable, BoundsWhatItHolds) {
    SubscriptionTable table;
    table.expect();
    int held = 0;
    while (held < 10'000 && table.hold("0x1", "frame", {}))
        ++held;
    EXPECT_LT(held, 10'000);
    SubscriptionTable large;
    large.expect();
    EXPECT_TRUE(large.hold("0x1", std::string(600'000, 'x'), {}));
    EXPECT_FALSE(large.hold("0x1", std::string(600'000, 'x'), {}));
}

TEST(SubscriptionTable, NeverGivesANumberTwice) {
    SubscriptionTable table;
    table.expect();
    const std::uint32_t first = table.confirm("0x1", SubscriptionKind::heads);
    table.clear();  // a new connection, where the node counts from the beginning
    EXPECT_EQ(table.find("0x1"), nullptr);
    table.expect();
    const std::uint32_t second = table.confirm("0x1", SubscriptionKind::logs);
    EXPECT_NE(first, second);
    EXPECT_EQ(table.find(first), nullptr);
    EXPECT_EQ(table.find("0x1")->kind, SubscriptionKind::logs);
}

}  // namespace
}  // namespace plimsoll::rpc
