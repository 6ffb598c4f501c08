// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace plimsoll::signer {

/// 32 secret bytes: movable, never copied, never printed or compared, wiped when they go. `reveal` is for the
/// one call that needs them; nothing may keep what it returns.
class Secret {
  public:
    /// Takes the bytes and wipes where they came from.
    explicit Secret(std::span<std::uint8_t, 32> source) noexcept;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] std::span<const std::uint8_t, 32> reveal() const noexcept { return bytes_; }

  private:
    std::array<std::uint8_t, 32> bytes_{};
};

}  // namespace plimsoll::signer
