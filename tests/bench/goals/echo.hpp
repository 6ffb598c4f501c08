// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace plimsoll::bench {

/// Round trips, in nanoseconds, of `there` bytes over TCP on loopback to a thread that answers with `back`
/// bytes. Neither side sleeps while it waits; between two of them both have a pause.
[[nodiscard]] std::vector<double> raw_echoes(std::size_t rounds, std::size_t there, std::size_t back);

}  // namespace plimsoll::bench
