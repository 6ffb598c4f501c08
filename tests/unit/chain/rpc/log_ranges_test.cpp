// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/log_ranges.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace plimsoll::rpc {
namespace {

LogPart part(std::uint64_t from, std::uint64_t to) {
    return LogPart{BlockNumber{from}, BlockNumber{to}};
}

/// One log in each block.
std::vector<Log> logs_of(const LogPart& of) {
    std::vector<Log> out;
    for (std::uint64_t block = of.from.value; block <= of.to.value; ++block) {
        out.emplace_back();
        out.back().block_number = BlockNumber{block};
    }
    return out;
}

TEST(LogRanges, HandsOutWhatIsLeftFromTheBeginning) {
    LogRanges ranges{part(10, 29)};
    EXPECT_EQ(ranges.take(5), part(10, 14));
    EXPECT_EQ(ranges.take(5), part(15, 19));
    ranges.give_back(part(10, 14));
    EXPECT_EQ(ranges.take(100), part(10, 14)) << "what lies behind it is asked already";
    ranges.give_back(part(15, 19));
    EXPECT_EQ(ranges.take(100), part(15, 29)) << "put together with what was behind it";
    EXPECT_EQ(ranges.take(1), std::nullopt);
    ranges.answered(part(15, 29), 1, {});
    EXPECT_EQ(ranges.blocks_done(), 15U);
    EXPECT_FALSE(ranges.done());
    ranges.answered(part(10, 14), 2, {});
    EXPECT_TRUE(ranges.done());
    EXPECT_EQ(ranges.sources(), (std::vector<SourceId>{1, 2}));
    ranges.discard(1);
    EXPECT_EQ(ranges.blocks_done(), 5U);
    EXPECT_EQ(ranges.take(7), part(15, 21));
}

RC_GTEST_PROP(LogRanges, CoversEachBlockOnceInOrder, ()) {
    const auto from = *rc::gen::inRange<std::uint64_t>(0, 1'000);
    const auto length = *rc::gen::inRange<std::uint64_t>(1, 300);
    const LogPart whole = part(from, from + length - 1);
    LogRanges ranges{whole};
    std::vector<LogPart> open;
    for (int step = 0; step < 100; ++step) {
        const auto what = *rc::gen::inRange(0, 10);
        if (what < 5) {
            const auto taken = ranges.take(*rc::gen::inRange<std::uint64_t>(1, 40));
            if (taken) open.push_back(*taken);
        }
        if (open.empty()) continue;
        const auto at = *rc::gen::inRange<std::size_t>(0, open.size());
        if (what == 9) ranges.discard(static_cast<SourceId>(at % 3));
        if (what < 5 || what == 9) continue;
        if (what == 5) {
            ranges.give_back(open[at]);
        } else {
            ranges.answered(open[at], static_cast<SourceId>(at % 3), logs_of(open[at]));
        }
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
    }
    while (const auto rest = ranges.take(50))
        open.push_back(*rest);
    for (const LogPart& one : open)
        ranges.answered(one, 0, logs_of(one));
    RC_ASSERT(ranges.done());
    const std::vector<Log> all = ranges.collect();
    RC_ASSERT(all.size() == length);
    for (std::size_t i = 0; i < all.size(); ++i)
        RC_ASSERT(all[i].block_number.value == from + i);
}

TEST(LogSpan, DoublesUntilItIsRefusedAndThenHalves) {
    LogSpan span{100};
    span.answered(part(0, 99));
    EXPECT_EQ(span.blocks(), 200U);
    span.answered(part(100, 199));
    EXPECT_EQ(span.blocks(), 200U) << "asked before the span had grown";
    EXPECT_TRUE(span.refused(part(0, 199), "query returned more than 10000 results"));
    EXPECT_TRUE(span.refused(part(200, 399), "query returned more than 10000 results"));
    EXPECT_EQ(span.blocks(), 100U) << "both were of the same length";
    span.answered(part(0, 99));
    EXPECT_EQ(span.blocks(), 100U);
    span.answered(part(0, 99));
    EXPECT_EQ(span.blocks(), 113U) << "slowly from now on";
    LogSpan one{1};
    EXPECT_FALSE(one.refused(part(7, 7), "query returned more than 10000 results"));
}

TEST(LogSpan, FollowsWhatItIsTold) {
    LogSpan span{16'777'216};
    EXPECT_TRUE(span.refused(part(0, 16'777'215),
                             "requested too many blocks from 0 to 16777216, maximum is set to 2048"));
    EXPECT_EQ(span.blocks(), 2'048U);
    for (int i = 0; i < 20; ++i)
        span.answered(part(0, span.blocks() - 1));
    EXPECT_EQ(span.blocks(), 2'048U) << "a rule";
    EXPECT_TRUE(span.refused(part(0, 2'047), "Try with this block range [0x0, 0x63]."));
    EXPECT_EQ(span.blocks(), 100U);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(span.blocks(), 100U) << "more seldom, where it failed twice";
        span.answered(part(0, 99));
    }
    EXPECT_EQ(span.blocks(), 113U) << "but the hint is true of one stretch only";
}

TEST(LogSpan, StaysWithinItsBounds) {
    LogSpan span{1};
    for (int i = 0; i < 100; ++i)
        span.answered(part(0, span.blocks() - 1));
    EXPECT_EQ(span.blocks(), std::uint64_t{1} << 24U);
    while (span.blocks() > 1)
        EXPECT_TRUE(span.refused(part(0, span.blocks() - 1), ""));
    EXPECT_FALSE(span.refused(part(0, 0), "")) << "less than one block cannot be asked for";
}

}  // namespace
}  // namespace plimsoll::rpc
