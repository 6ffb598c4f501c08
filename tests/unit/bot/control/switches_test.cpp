// SPDX-License-Identifier: Apache-2.0
#include "bot/control/switches.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

namespace plimsoll::bot {
namespace {

namespace fs = std::filesystem;

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "plimsoll-switches-XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path path;
};

TEST(Switches, APauseLastsUntilItIsTakenBack) {
    const Folder folder;
    const fs::path data = folder.path / "not" / "there" / "yet";
    const Switches switches{data, {}};
    EXPECT_FALSE(switches.paused());
    ASSERT_TRUE(switches.resume()) << "nothing to take back is no error";
    ASSERT_TRUE(switches.pause());
    ASSERT_TRUE(switches.pause()) << "twice is no error";
    EXPECT_TRUE((Switches{data, {}}).paused()) << "another process sees it";
    EXPECT_FALSE(switches.killed());
    struct stat facts {};
    ASSERT_EQ(::stat(switches.pause_file().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    ASSERT_TRUE(switches.resume());
    EXPECT_FALSE(switches.paused());
}

TEST(Switches, TheKillSwitchIsAnyFileOfThatName) {
    const Folder folder;
    const Switches standard{folder.path, {}};
    EXPECT_EQ(standard.kill_file(), folder.path / "kill");
    EXPECT_FALSE(standard.killed());
    fs::create_symlink("/nowhere/at/all", standard.kill_file());
    EXPECT_TRUE(standard.killed()) << "a link to nothing counts";
    EXPECT_FALSE(standard.paused());

    const Switches elsewhere{folder.path, folder.path / "red-button"};
    EXPECT_FALSE(elsewhere.killed());
    std::ofstream{folder.path / "red-button"};
    EXPECT_TRUE(elsewhere.killed());
}

TEST(Switches, WhatCannotBeLookedAtHoldsBack) {
    const Folder folder;
    const Switches switches{folder.path, folder.path / std::string(300, 'x')};  // ENAMETOOLONG, also for root
    EXPECT_TRUE(switches.killed());
    EXPECT_FALSE(switches.paused());
    std::ofstream{folder.path / "file"};
    EXPECT_FALSE((Switches{folder.path / "file", {}}).pause()) << "a file is no folder";
}

}  // namespace
}  // namespace plimsoll::bot
