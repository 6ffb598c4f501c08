// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <filesystem>
#include <string>

namespace plimsoll::bench {

/// A file that is gone afterwards.
class TemporaryFile {
  public:
    /// Throws if it cannot be written.
    explicit TemporaryFile(BytesView bytes);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace plimsoll::bench
