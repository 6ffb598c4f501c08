// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace plimsoll {

/// Why nothing may be sent now.
enum class NotReady : std::uint8_t {
    starting,
    stale_head,
    endpoints_disagree,
    catching_up,
    parity_broken,
    clock_skew,
    finality_violated,
    stopping,
};

[[nodiscard]] std::string_view to_string(NotReady reason) noexcept;

/// The set of reasons against sending; empty means ready.
class Readiness {
  public:
    constexpr Readiness() noexcept = default;
    constexpr Readiness(std::initializer_list<NotReady> reasons) noexcept {
        for (const NotReady reason : reasons)
            set(reason);
    }
    constexpr void set(NotReady reason) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | mask(reason)); }
    constexpr void clear(NotReady reason) noexcept {
        bits_ = static_cast<std::uint16_t>(bits_ & ~mask(reason));
    }
    [[nodiscard]] constexpr bool has(NotReady reason) const noexcept { return (bits_ & mask(reason)) != 0; }
    [[nodiscard]] constexpr bool ready() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint16_t bits() const noexcept { return bits_; }
    [[nodiscard]] static constexpr Readiness from_bits(std::uint16_t bits) noexcept {
        Readiness out;
        out.bits_ = bits;
        return out;
    }
    friend constexpr bool operator==(const Readiness&, const Readiness&) noexcept = default;

  private:
    static constexpr std::uint16_t mask(NotReady reason) noexcept {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(reason));
    }
    std::uint16_t bits_ = 0;
};

}  // namespace plimsoll
