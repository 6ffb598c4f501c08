// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <filesystem>
#include <string>

namespace plimsoll::bot {

/// Name of the socket in the data folder on which a keeper takes orders.
inline constexpr const char* kControlName = "control.sock";

/// The folder, opened, and a path of its socket that is short enough for the kernel (107 bytes), however deep
/// the folder lies: through /proc/self/fd where need be.
class ControlPath {
  public:
    /// Errc::not_found if there is no such folder.
    [[nodiscard]] static Result<ControlPath> open(const std::filesystem::path& folder);
    ControlPath(ControlPath&& other) noexcept;
    ControlPath& operator=(ControlPath&&) = delete;
    ControlPath(const ControlPath&) = delete;
    ControlPath& operator=(const ControlPath&) = delete;
    ~ControlPath();

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    ControlPath(int folder, std::string text) : folder_{folder}, text_{std::move(text)} {}
    int folder_;
    std::string text_;
};

}  // namespace plimsoll::bot
