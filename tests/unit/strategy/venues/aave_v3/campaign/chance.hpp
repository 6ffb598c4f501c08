// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

namespace plimsoll::strategy::aave_v3::campaign {

/// Random numbers that are the same with every standard library.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : engine_{seed} {}

    /// From 0 to `count` - 1.
    [[nodiscard]] std::uint64_t below(std::uint64_t count) { return engine_() % count; }
    [[nodiscard]] std::uint64_t between(std::uint64_t least, std::uint64_t most) {
        return least + below(most - least + 1);
    }
    [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }
    /// From 0 to 1.
    [[nodiscard]] double share() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
    [[nodiscard]] double between(double least, double most) { return least + (most - least) * share(); }
    /// As often in each order of magnitude.
    [[nodiscard]] double spread(double least, double most) { return least * std::pow(most / least, share()); }

  private:
    std::mt19937_64 engine_;
};

}  // namespace plimsoll::strategy::aave_v3::campaign
