// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/reply.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::faults {

/// The contract whose logs the feed watches.
inline constexpr Address kWatchedContract{{0xAA, 0xAA}};

struct ModelBlock {
    rpc::Header header;
    std::vector<Log> logs;  // in index order
    [[nodiscard]] const Head& head() const noexcept { return header.head; }
};

/// What one transaction wrote: `value` to `slot` of the watched contract.
struct Note {
    std::uint64_t slot{};
    std::uint64_t value{};
};

/// A chain in memory, with true links and true blooms; what its nodes tell of it is their affair.
class ModelChain {
  public:
    explicit ModelChain(std::uint64_t first_timestamp);

    /// A block on `parent`. It is known from now on, and nothing else: see `canonize`.
    const ModelBlock& build(const Hash32& parent, const std::vector<Note>& notes);
    /// The chain ends here now.
    void canonize(const Hash32& tip);
    /// Both.
    const ModelBlock& mine(const std::vector<Note>& notes);

    [[nodiscard]] const ModelBlock& tip() const { return blocks_.at(tip_); }
    [[nodiscard]] const ModelBlock* find(const Hash32& hash) const;
    /// The ancestor of `from` at this height, or null.
    [[nodiscard]] const ModelBlock* at(const Hash32& from, BlockNumber number) const;
    [[nodiscard]] const ModelBlock& ancestor(std::uint64_t below_tip) const;
    [[nodiscard]] bool contains(const Hash32& tip, const Hash32& block) const;
    /// Whether the block has ever been part of the chain.
    [[nodiscard]] bool ever_canonical(const Hash32& hash) const { return canonical_.contains(hash); }
    /// From the first block to this one.
    [[nodiscard]] std::vector<const ModelBlock*> path(const Hash32& tip) const;

  private:
    std::map<Hash32, ModelBlock> blocks_;
    std::set<Hash32> canonical_;  // now or once
    Hash32 tip_;
    std::uint64_t built_ = 0;
};

/// As nodes write them.
[[nodiscard]] std::string header_json(const rpc::Header& header);
[[nodiscard]] std::string log_json(const Log& log);

}  // namespace plimsoll::faults
