// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <filesystem>
#include <string>

namespace plimsoll::bot {

/// What a person, or a script at night, may hold a keeper back with: two files, so that they last beyond any
/// crash and need no running keeper. Paused: nothing new is signed; what is under way is still brought to an
/// end, with higher fees if need be. Killed: nothing is signed but cancellations; bytes that are out already
/// may be sent again, as they are.
class Switches {
  public:
    /// `kill_switch` may be empty: then it is the file `kill` in the folder.
    Switches(const std::filesystem::path& folder, const std::filesystem::path& kill_switch);

    [[nodiscard]] bool paused() const { return there(pause_file_); }
    [[nodiscard]] bool killed() const { return there(kill_file_); }
    /// Durable when it returns, folder included. Errc::storage_failed.
    [[nodiscard]] Result<void> pause() const;
    /// Errc::storage_failed if the file stays. Nothing to do is no error.
    [[nodiscard]] Result<void> resume() const;

    [[nodiscard]] const std::filesystem::path& pause_file() const noexcept { return pause_file_; }
    [[nodiscard]] const std::filesystem::path& kill_file() const noexcept { return kill_file_; }

  private:
    /// Also true if the kernel cannot say: what holds back wins.
    [[nodiscard]] static bool there(const std::filesystem::path& file);

    std::filesystem::path pause_file_;
    std::filesystem::path kill_file_;
};

}  // namespace plimsoll::bot
