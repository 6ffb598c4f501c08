// SPDX-License-Identifier: Apache-2.0
#include "bot/finality_mark.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace plimsoll::bot {
namespace {

TEST(FinalityMark, stays_until_it_is_accepted) {
    std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-mark-XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(pattern.data());
    const FinalityMark mark{folder};
    EXPECT_FALSE(mark.seen());
    ASSERT_TRUE(mark.set("block 7 was finalized as 0xaa and is 0xbb"));
    EXPECT_EQ(FinalityMark{folder}.seen(), "block 7 was finalized as 0xaa and is 0xbb");
    mark.accept();
    EXPECT_FALSE(mark.seen());
    std::ofstream{mark.file()};
    EXPECT_TRUE(mark.seen()) << "an empty file is a mark too";
    mark.accept();
    std::filesystem::remove_all(folder);
    EXPECT_FALSE(mark.set("the folder is gone"));
}

}  // namespace
}  // namespace plimsoll::bot
