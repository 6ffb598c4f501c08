// SPDX-License-Identifier: Apache-2.0
#include "bot/snapshots/snapshot_store.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace plimsoll::bot {
namespace {

class SnapshotFolder : public testing::Test {
  protected:
    SnapshotFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-books-XXXXXX").string();
        base_ = mkdtemp(pattern.data());
    }
    ~SnapshotFolder() override { std::filesystem::remove_all(base_); }

    [[nodiscard]] std::filesystem::path folder() const { return base_ / "snapshots"; }
    [[nodiscard]] std::size_t files() const {
        const std::filesystem::directory_iterator begin{folder()};
        return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator{}));
    }
    static Hash32 hash(std::uint8_t first) {
        Hash32 out;
        out.bytes[0] = first;
        return out;
    }

    std::filesystem::path base_;
};

TEST_F(SnapshotFolder, what_is_written_is_read_and_the_newest_comes_first) {
    const SnapshotStore store{folder()};
    EXPECT_TRUE(store.list().empty()) << "no folder yet";
    const Bytes old_bytes(1'000'000, 0x11);
    const Bytes new_bytes{1, 2, 3};
    ASSERT_TRUE(store.write(BlockNumber{99}, hash(1), old_bytes));
    ASSERT_TRUE(store.write(BlockNumber{100}, hash(2), new_bytes));
    const std::vector<SnapshotFile> all = store.list();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].number, BlockNumber{100});
    EXPECT_EQ(all[0].hash, hash(2));
    EXPECT_EQ(SnapshotStore::read(all[0]).value(), new_bytes);
    EXPECT_EQ(SnapshotStore::read(all[1]).value(), old_bytes);
    SnapshotStore::remove(all[0]);
    ASSERT_EQ(store.list().size(), 1U);
}

TEST_F(SnapshotFolder, old_ones_go_and_foreign_files_stay) {
    const SnapshotStore store{folder()};
    std::filesystem::create_directories(folder());
    std::ofstream{folder() / "notes.txt"} << "mine";
    std::ofstream{folder() / "books-1.snapshot"} << "not of this naming";
    for (std::uint64_t i = 1; i <= 100; ++i)
        ASSERT_TRUE(store.write(BlockNumber{i}, hash(static_cast<std::uint8_t>(i)), Bytes{1}));
    const std::vector<SnapshotFile> all = store.list();
    EXPECT_LE(all.size(), 20U);
    EXPECT_EQ(all.front().number, BlockNumber{100});
    EXPECT_EQ(files(), all.size() + 2);
}

TEST_F(SnapshotFolder, a_link_or_a_folder_in_its_place_is_refused) {
    const SnapshotStore store{folder()};
    const SnapshotFile file = store.write(BlockNumber{5}, hash(5), Bytes{1}).value();
    SnapshotStore::remove(file);
    std::filesystem::create_symlink("/etc/passwd", file.path);
    EXPECT_FALSE(SnapshotStore::read(file));
    SnapshotStore::remove(file);
    std::filesystem::create_directory(file.path);
    EXPECT_FALSE(SnapshotStore::read(file));
}

TEST_F(SnapshotFolder, a_folder_that_cannot_be_made_is_an_error) {
    std::ofstream{base_ / "snapshots"} << "a file";
    const Result<SnapshotFile> written = SnapshotStore{folder()}.write(BlockNumber{1}, hash(1), Bytes{1});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::storage_failed);
}

TEST_F(SnapshotFolder, one_of_every_age_is_there) {
    const SnapshotStore store{folder()};
    for (std::uint64_t i = 1; i <= 150; ++i) {
        ASSERT_TRUE(store.write(BlockNumber{i}, hash(static_cast<std::uint8_t>(i)), Bytes{1}));
        const std::vector<SnapshotFile> all = store.list();
        for (std::uint64_t depth = 1; 8 * depth < i; ++depth) {
            const auto fits = [&](const SnapshotFile& file) {
                const std::uint64_t age = i - file.number.value;
                return age >= depth && age <= 8 * depth;
            };
            EXPECT_TRUE(std::ranges::any_of(all, fits)) << "at " << i << " none about " << depth << " old";
        }
    }
}

/// Whatever is there after a kill is whole.
TEST_F(SnapshotFolder, a_kill_at_any_moment_leaves_whole_files_only) {
    constexpr std::size_t kSize = 3'000'000;
    for (int round = 0; round < 12; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const SnapshotStore store{folder()};
            for (std::uint8_t i = 1;; ++i)
                static_cast<void>(store.write(BlockNumber{i}, hash(i), Bytes(kSize, i)));
        }
        usleep(static_cast<useconds_t>(3'000 + 1'700 * round));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        for (const SnapshotFile& file : SnapshotStore{folder()}.list()) {
            const Bytes bytes = SnapshotStore::read(file).value();
            EXPECT_EQ(bytes, Bytes(kSize, file.hash.bytes[0])) << file.path;
        }
    }
    ASSERT_TRUE(SnapshotStore{folder()}.write(BlockNumber{255}, hash(255), Bytes{1}))
        << "a later run goes on";
}

}  // namespace
}  // namespace plimsoll::bot
