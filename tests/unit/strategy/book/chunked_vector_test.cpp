// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/chunked_vector.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plimsoll::strategy {
namespace {

TEST(ChunkedVector, ElementsStayWhereTheyAreWhileItGrows) {
    ChunkedVector<std::string, 4> vector;
    vector.push_back("first");
    const std::string* const place = &vector[0];
    for (int i = 1; i < 100; ++i)
        vector.push_back(std::to_string(i));
    EXPECT_EQ(place, &vector[0]);
    EXPECT_EQ(vector.size(), 100U);
    EXPECT_EQ(vector[0], "first");
    EXPECT_EQ(vector[63], "63");
    EXPECT_EQ(vector.back(), "99");
}

TEST(ChunkedVector, PoppingAcrossAChunkAndPushingAgain) {
    ChunkedVector<std::string, 4> vector;
    for (int i = 0; i < 9; ++i)
        vector.push_back(std::to_string(i));
    for (int i = 0; i < 6; ++i)
        vector.pop_back();
    EXPECT_EQ(vector.back(), "2");
    vector.push_back("x");
    vector.push_back("y");
    EXPECT_EQ(vector[3], "x");
    EXPECT_EQ(vector[4], "y");
    vector.clear();
    EXPECT_TRUE(vector.empty());
}

}  // namespace
}  // namespace plimsoll::strategy
