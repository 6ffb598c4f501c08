// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/units.hpp"

#include <map>
#include <string>

namespace plimsoll::feed {

/// What was final stays: remembers the hashes that were told final and notices when one changes. Once broken
/// it stays broken until an operator resumes.
class Finality {
  public:
    /// A source says that this block is final.
    void told(BlockNumber number, const Hash32& hash);
    /// Our chain has this hash at the height of a block that was told final.
    void compare(BlockNumber number, const Hash32& ours);
    /// Our chain takes this block and all above it back.
    void undone(BlockNumber number);
    /// Accepts the chain of now: what was final before is forgotten.
    void resume();

    [[nodiscard]] bool broken() const noexcept { return !why_.empty(); }
    [[nodiscard]] const std::string& why() const noexcept { return why_; }
    /// The highest block told final; 0 if none was.
    [[nodiscard]] BlockNumber newest() const noexcept;

  private:
    std::map<BlockNumber, Hash32> final_;  // the newest ones
    std::string why_;
};

}  // namespace plimsoll::feed
