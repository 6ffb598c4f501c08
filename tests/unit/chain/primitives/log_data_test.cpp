// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/log_data.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace plimsoll::testing {
namespace {

Bytes counted(std::size_t size) {
    Bytes out(size);
    std::iota(out.begin(), out.end(), std::uint8_t{1});
    return out;
}

TEST(LogData, HoldsAnyLengthAcrossTheBoundary) {
    LogData data;
    for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 5000U, 256U, 3U, 0U}) {
        const Bytes bytes = counted(size);
        data.assign(bytes);
        const BytesView view = data.view();
        ASSERT_EQ(data.size(), size);
        EXPECT_EQ(Bytes(view.begin(), view.end()), bytes);
        const LogData copy = data;
        EXPECT_EQ(copy, data);
    }
}

TEST(LogData, ComparesOnlyWhatItHolds) {
    LogData reused{counted(100)};
    reused.assign(counted(4));
    EXPECT_EQ(reused, LogData{counted(4)});
    EXPECT_FALSE(reused == LogData{counted(5)});
}

TEST(LogData, KeepsItsBytesWhenMoved) {
    for (const std::size_t size : {200U, 400U}) {
        LogData from{counted(size)};
        const LogData to = std::move(from);
        EXPECT_EQ(to, LogData{counted(size)});
    }
}

}  // namespace
}  // namespace plimsoll::testing
