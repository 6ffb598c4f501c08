// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <string_view>

namespace plimsoll::config {

/// The text of config/networks/NAME.toml, built into the program; empty for `custom`. It is a configuration
/// like any other, below the operator's own.
[[nodiscard]] std::string_view network_file(Network network) noexcept;

}  // namespace plimsoll::config
