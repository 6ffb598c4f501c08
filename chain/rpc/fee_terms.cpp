// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/fee_terms.hpp"

#include <cstddef>
#include <cstdint>

namespace plimsoll::rpc {

namespace {

std::uint64_t big_endian(BytesView bytes) {
    std::uint64_t out = 0;
    for (const std::uint8_t byte : bytes)
        out = out << 8U | byte;
    return out;
}

}  // namespace

bool counts_footprint(BytesView extra_data) {
    constexpr std::size_t kJovian = 17;
    return extra_data.size() == kJovian && extra_data[0] == 1;
}

FeeTerms parse_fee_terms(BytesView extra_data) {
    constexpr std::size_t kHolocene = 9;
    const bool holocene = extra_data.size() == kHolocene && extra_data[0] == 0;
    const bool jovian = counts_footprint(extra_data);
    FeeTerms out;
    if (!holocene && !jovian) return out;
    out.denominator = static_cast<std::uint32_t>(big_endian(extra_data.subspan(1, 4)));
    out.elasticity = static_cast<std::uint32_t>(big_endian(extra_data.subspan(5, 4)));
    if (jovian) out.least = Wei{big_endian(extra_data.subspan(9, 8))};
    return out;
}

Wei operator_fee(const OperatorTerms& terms, Gas used) {
    constexpr std::uint64_t kMillion = 1'000'000;
    constexpr std::uint64_t kJovian = 100;
    const U256 share = U256{used.value} * U256{terms.scalar};
    return Wei{(terms.jovian ? share * U256{kJovian} : share / U256{kMillion}) + U256{terms.constant}};
}

}  // namespace plimsoll::rpc
