// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/origin.hpp"
#include "config/problem.hpp"
#include "config/surroundings.hpp"

#include <vector>

namespace plimsoll::config {

/// The EIP-155 chain id of a network; 0 for `custom`.
[[nodiscard]] ChainId chain_of(Network network) noexcept;

/// Rules between keys: names that must differ, values that exclude each other; and between a key and the
/// machine. Empty fields are not looked at: that they are missing has been said already.
[[nodiscard]] std::vector<Problem> check_together(const Config& config, const Origins& origins,
                                                  const Surroundings& surroundings);

}  // namespace plimsoll::config
