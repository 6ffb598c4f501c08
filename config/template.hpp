// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/load.hpp"

#include <string>

namespace plimsoll::config {

/// The text of a new configuration file: every key with its help. Keys that somebody has to decide are set;
/// all others stand there with their value and one '#' before them, so that removing it sets them. Help lines
/// begin with "# ", a key that is switched off with '#' alone.
/// `known`: what the network, the environment and the command line say already.
[[nodiscard]] std::string new_file(const Effective& known);

/// What `new_file` is made from where nothing is known yet but the network: a configuration with one endpoint
/// on this machine, problems aside.
[[nodiscard]] Effective starting_point(Network network, const std::vector<Setting>& settings,
                                       Problems& problems);

}  // namespace plimsoll::config
