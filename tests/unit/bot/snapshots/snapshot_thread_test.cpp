// SPDX-License-Identifier: Apache-2.0
#include "bot/snapshots/snapshot_thread.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

TEST(SnapshotThread, the_last_one_told_is_on_disk_after_close) {
    std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-books-XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(pattern.data());
    std::mutex mutex;
    std::vector<std::function<void()>> posted;
    std::size_t done = 0;
    SnapshotThread writer{SnapshotStore{folder}, [&](std::function<void()> task) {
                              const std::lock_guard lock{mutex};
                              posted.push_back(std::move(task));
                          }};
    for (std::uint8_t i = 1; i <= 50; ++i) {
        Hash32 hash;
        hash.bytes[0] = i;
        writer.write(BlockNumber{i}, hash, Bytes(100'000, i), [&done](const Result<SnapshotFile>& written) {
            EXPECT_TRUE(written);
            ++done;
        });
    }
    writer.close();
    for (const auto& task : posted)
        task();
    const std::vector<SnapshotFile> all = SnapshotStore{folder}.list();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().number, BlockNumber{50});
    EXPECT_GE(done, all.size()) << "each file was told";
    writer.write(BlockNumber{51}, Hash32{}, Bytes{1}, [](const Result<SnapshotFile>&) { FAIL(); });
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace plimsoll::bot
