// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "tests/faults/scripted_node.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::faults {

/// A chain of numbered blocks with one log in each, as one node of it answers.
struct SmallChain {
    std::uint64_t head = 1'000;
    std::uint64_t forked_at = ~std::uint64_t{0};  // from here on its blocks are others
    /// What it does about a log query over these blocks, if it does not answer.
    std::function<std::optional<Step>(const Asked&, std::uint64_t from, std::uint64_t to)> refuse_logs{};
    /// What it does about anything, if it does not answer.
    std::function<std::optional<std::vector<Step>>(const Asked&)> instead{};

    [[nodiscard]] std::vector<Step> answer(const Asked& asked) const;
    [[nodiscard]] Hash32 hash_of(std::uint64_t block) const;

  private:
    [[nodiscard]] std::string header(std::uint64_t block) const;
    [[nodiscard]] Step logs(const Asked& asked) const;
    [[nodiscard]] std::optional<std::uint64_t> block_of(const Asked& asked) const;
};

/// The number behind a key of a request, which is a quantity; nothing if it is not there.
[[nodiscard]] std::optional<std::uint64_t> quantity_in(const Asked& asked, const std::string& key);

}  // namespace plimsoll::faults
