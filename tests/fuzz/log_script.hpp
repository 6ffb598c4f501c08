// SPDX-License-Identifier: Apache-2.0
// Logs of a scripted market, written in few bytes, so that mutations stay close to what contracts say.
#pragma once

#include "chain/primitives/log.hpp"
#include "tests/fuzz/input.hpp"

namespace plimsoll::fuzz {

/// One log: who, topic0, how many more topics, those topics, the number of data words, these, and how many
/// odd bytes follow. make_corpus.mjs writes the same.
[[nodiscard]] Log scripted_log(Input& script);

}  // namespace plimsoll::fuzz
