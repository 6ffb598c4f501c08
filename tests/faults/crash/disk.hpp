// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace plimsoll::crash {

/// What a process did to its files, in order. Names are "folder/file".
struct DiskOp {
    enum class Kind : std::uint8_t {
        write,       // `bytes` at `offset`; makes the file if it is not there
        truncate,    // to `offset` bytes
        sync,        // the file's content and its name
        remove,      // its name only; the removal is durable when the folder is synced
        rename,      // to `target`; likewise
        sync_names,  // of the folder `name`
        shared,      // the wal-index as other processes would see it now: `bytes`
    };
    Kind kind{};
    std::string name;
    std::size_t offset{};
    Bytes bytes;
    std::string target;
};

/// What the files are like for the next process.
enum class Cut : std::uint8_t {
    killed,  // the process only: everything written is there
    power,   // what was written after the last sync is not
    torn,    // of what was written after the last sync, any sectors of 512 bytes may be there
};

/// Files as a disk keeps them: what was written, and what a power cut would leave.
class Disk {
  public:
    void apply(const DiskOp& op);
    /// The files of `folder` after a cut, written into `into`. `seed` decides what is torn.
    void lay_out(const std::string& folder, const std::filesystem::path& into, Cut cut,
                 std::uint32_t seed) const;
    /// One file's content after a cut; nothing if it is not there.
    [[nodiscard]] std::optional<Bytes> content(const std::string& name, Cut cut, std::uint32_t seed) const;

  private:
    struct Node {
        Bytes now;
        Bytes durable;
        std::vector<DiskOp> pending;  // since the last sync
    };
    using Names = std::map<std::string, std::shared_ptr<Node>>;
    [[nodiscard]] Names names_after(Cut cut, std::mt19937& luck) const;
    [[nodiscard]] static Bytes content_after(const Node& node, Cut cut, std::mt19937& luck);

  public:
    Disk() = default;
    ~Disk() = default;
    /// Nodes are values: a copy is another disk.
    Disk(const Disk& other);
    Disk& operator=(const Disk& other);
    Disk(Disk&&) = default;
    Disk& operator=(Disk&&) = default;

  private:
    Names now_;
    Names durable_;
    std::map<std::string, Bytes> shared_;
};

}  // namespace plimsoll::crash
