// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/swap_router.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

// Of two dispatchers: DUP1, PUSH4 selector, EQ, PUSH2 target, JUMPI.
const Bytes kFactoryGetter{0x80, 0x63, 0xc4, 0x5a, 0x01, 0x55, 0x14, 0x61, 0x00, 0x40, 0x57};

Bytes code_with(const Bytes& selector) {
    Bytes out = kFactoryGetter;
    out.insert(out.end(), {0x80, 0x63});
    out.insert(out.end(), selector.begin(), selector.end());
    out.insert(out.end(), {0x14, 0x61, 0x01, 0x00, 0x57});
    return out;
}

TEST(SwapRouter, KindIsReadFromTheCode) {
    EXPECT_EQ(router_kind(code_with({0xc0, 0x4b, 0x8d, 0x59})), RouterKind::classic);
    EXPECT_EQ(router_kind(code_with({0xb8, 0x58, 0x18, 0x3f})), RouterKind::router02);
}

TEST(SwapRouter, AnythingElseIsNoRouter) {
    EXPECT_EQ(router_kind({}), std::nullopt);
    EXPECT_EQ(router_kind(kFactoryGetter), std::nullopt);
    EXPECT_EQ(router_kind(code_with({0xb8, 0x58, 0x18, 0x3e})), std::nullopt);
    EXPECT_EQ(router_kind(Bytes{0xb8, 0x58, 0x18, 0x3f}), std::nullopt);  // data, not a comparison
    EXPECT_EQ(router_kind(Bytes{0x63, 0xb8, 0x58, 0x18}), std::nullopt);  // cut off
}

}  // namespace
}  // namespace plimsoll::strategy
