// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <filesystem>
#include <string>

namespace plimsoll::bot {

/// An advisory lock on a file that holds the owner's pid; the kernel lets go of it when the process ends,
/// however it ends.
class FileLock {
  public:
    struct Failure {
        bool held{};  // by another process, rather than impossible to create
        std::string text;
    };
    [[nodiscard]] static tl::expected<FileLock, Failure> take(const std::filesystem::path& file);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int descriptor) noexcept : descriptor_{descriptor} {}
    int descriptor_;
};

}  // namespace plimsoll::bot
