// SPDX-License-Identifier: Apache-2.0
#include "signer/lanes/lane_plan.hpp"

#include "signer/lanes/size_guard.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::signer {
namespace {

constexpr LaneTerms kPublic{LaneKind::public_, 0, 1};
constexpr LaneTerms kPrivate{LaneKind::private_, 0, 1};

LaneTerms public_after(std::uint64_t blocks) {
    return LaneTerms{LaneKind::public_, blocks, 1};
}

/// Of a nonce whose story began at block 100.
Send send_at(std::uint64_t head, std::uint64_t nonce = 7, std::uint64_t last_block = 0) {
    Send out;
    out.first_head = BlockNumber{100};
    out.nonce = Nonce{nonce};
    out.head = BlockNumber{head};
    out.last_block = BlockNumber{last_block};
    return out;
}

std::vector<std::size_t> lanes_of(const std::vector<LaneOrder>& orders) {
    std::vector<std::size_t> out;
    for (const LaneOrder& order : orders)
        out.push_back(order.lane);
    return out;
}

using Lanes = std::vector<std::size_t>;

TEST(LanePlan, WithoutTermsEverythingIsPublicAtOnce) {
    const LanePlan plan{{}};
    EXPECT_EQ(lanes_of(plan.orders(send_at(100))), Lanes{0});
    EXPECT_EQ(plan.terms().at(0).kind, LaneKind::public_);
}

TEST(LanePlan, ABundleIsOfferedForEachOfTheNextBlocksButForNoneAfterTheDeadline) {
    const LanePlan plan{{LaneTerms{LaneKind::bundle, 0, 3}}};
    EXPECT_EQ(plan.orders(send_at(100)), (std::vector{LaneOrder{0, BlockNumber{101}, BlockNumber{103}}}));
    EXPECT_EQ(plan.orders(send_at(100, 7, 102)),
              (std::vector{LaneOrder{0, BlockNumber{101}, BlockNumber{102}}}));
    EXPECT_TRUE(plan.orders(send_at(102, 7, 102)).empty());
}

TEST(Catalogue, s47_a_private_transaction_lives_25_blocks_or_to_its_deadline) {
    const LanePlan plan{{kPrivate}};
    EXPECT_EQ(plan.orders(send_at(100)), (std::vector{LaneOrder{0, BlockNumber{101}, BlockNumber{125}}}));
    EXPECT_EQ(plan.orders(send_at(100, 8, 104)),
              (std::vector{LaneOrder{0, BlockNumber{101}, BlockNumber{104}}}));
}

TEST(Catalogue, s47_the_public_lane_opens_to_a_nonce_after_its_blocks_and_stays_open) {
    const LanePlan plan{{kPrivate, public_after(3)}};
    EXPECT_EQ(lanes_of(plan.orders(send_at(100))), Lanes{0});
    EXPECT_EQ(lanes_of(plan.orders(send_at(102))), Lanes{0});
    EXPECT_EQ(lanes_of(plan.orders(send_at(103))), (Lanes{0, 1}));
    Send replacement = send_at(104);
    replacement.attempt = 9;
    EXPECT_EQ(lanes_of(plan.orders(replacement)), (Lanes{0, 1}));
    Send later = send_at(104, 8);  // another nonce has its own story
    later.first_head = BlockNumber{104};
    EXPECT_EQ(lanes_of(plan.orders(later)), Lanes{0});
}

TEST(Catalogue, s47_without_a_public_lane_nothing_but_a_cancellation_is_ever_public) {
    const LanePlan plan{{kPrivate, LaneTerms{LaneKind::bundle, 0, 2}}};
    for (std::uint64_t head = 100; head < 140; ++head) {
        for (const LaneOrder& order : plan.orders(send_at(head)))
            EXPECT_LT(order.lane, plan.terms().size());
    }
    Send cancel = send_at(140);
    cancel.purpose = Purpose::cancel;
    EXPECT_EQ(lanes_of(plan.orders(cancel)), (Lanes{0, plan.public_lane()}));
}

TEST(LanePlan, ACancellationGoesPublicAtOnceAndInNoBundle) {
    const LanePlan plan{{kPrivate, LaneTerms{LaneKind::bundle, 0, 2}, public_after(5)}};
    Send cancel = send_at(101, 7, 101);
    cancel.purpose = Purpose::cancel;
    EXPECT_EQ(lanes_of(plan.orders(cancel)), (Lanes{0, 2}));
}

TEST(LanePlan, AHeadThatGoesBackIsNoAge) {
    const LanePlan plan{{kPrivate, public_after(2)}};
    EXPECT_EQ(lanes_of(plan.orders(send_at(98))), Lanes{0});
    EXPECT_EQ(lanes_of(plan.orders(send_at(102))), (Lanes{0, 1}));
}

TEST(Catalogue, s63_a_transaction_above_128_kib_is_not_sent) {
    EXPECT_TRUE(too_large(BytesView{Bytes(131'072)}).empty());
    EXPECT_FALSE(too_large(BytesView{Bytes(131'073)}).empty());
}

TEST(Catalogue, s50_a_bundle_is_bounded_in_number_and_bytes) {
    EXPECT_TRUE(too_large(std::vector<Bytes>(100, Bytes(3'000))).empty());
    EXPECT_FALSE(too_large(std::vector<Bytes>(101, Bytes(1))).empty());
    EXPECT_FALSE(too_large(std::vector<Bytes>(3, Bytes(100'001))).empty());
    EXPECT_FALSE(too_large(std::vector<Bytes>{Bytes(131'073)}).empty());
}

}  // namespace
}  // namespace plimsoll::signer
