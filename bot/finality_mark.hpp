// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace plimsoll::bot {

/// A file that says that a finalized block of this chain was seen to change. While it is there, no keeper
/// starts on this data folder: what the nodes call final was not, and a person has to find out why.
class FinalityMark {
  public:
    explicit FinalityMark(const std::filesystem::path& folder) : file_{folder / "finality-violated"} {}

    /// What was seen, if anything was. A mark that cannot be read counts.
    [[nodiscard]] std::optional<std::string> seen() const;
    /// Durable when it returns. Errc::storage_failed.
    [[nodiscard]] Result<void> set(const std::string& what) const;
    /// A person has decided to go on with the chain as it is now.
    void accept() const;
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

  private:
    std::filesystem::path file_;
};

}  // namespace plimsoll::bot
