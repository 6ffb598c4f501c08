// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace plimsoll::bot {

/// A snapshot on disk, as its name tells: the block that it holds the state of.
struct SnapshotFile {
    BlockNumber number;
    Hash32 hash;
    std::filesystem::path path;
};

/// A folder of snapshots. Each file is written whole or not at all, whenever the power fails. The newest is
/// kept, and for every depth up to 16,384 blocks one that is at least as old and at most eight times; some 20
/// files at most. Only files of its own naming are ever looked at or removed.
class SnapshotStore {
  public:
    /// Of a file, in bytes; what is larger is neither written nor read.
    static constexpr std::size_t kMaxSize = std::size_t{2} << 30U;

    explicit SnapshotStore(std::filesystem::path folder);

    /// Durable when it returns. Makes the folder if there is none. Errc::storage_failed.
    [[nodiscard]] Result<SnapshotFile> write(BlockNumber number, const Hash32& hash, BytesView bytes) const;
    /// Newest first. Empty if there is no folder.
    [[nodiscard]] std::vector<SnapshotFile> list() const;
    /// Errc::storage_failed, limit_exceeded.
    [[nodiscard]] static Result<Bytes> read(const SnapshotFile& file);
    /// Of a file that turned out to be of no use.
    static void remove(const SnapshotFile& file);

  private:
    void prune() const;

    std::filesystem::path folder_;
};

}  // namespace plimsoll::bot
