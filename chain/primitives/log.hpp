// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/log_data.hpp"
#include "chain/primitives/units.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll {

/// One EVM log, as a node tells it. `index` is the position in its block.
struct Log {
    Address address;
    std::array<Hash32, 4> topics{};
    std::uint8_t topic_count{};
    LogData data;
    BlockNumber block_number;
    Hash32 block_hash;
    Hash32 transaction_hash;
    std::uint32_t transaction_index{};
    std::uint32_t index{};
    bool removed{};

    [[nodiscard]] const Hash32& topic0() const noexcept { return topics[0]; }  // zero for an anonymous log
    [[nodiscard]] BytesView data_view() const noexcept { return data.view(); }
    friend bool operator==(const Log&, const Log&) = default;
};

}  // namespace plimsoll
