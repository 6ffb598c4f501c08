// SPDX-License-Identifier: Apache-2.0
#include "signer/delegation.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::signer {

std::optional<Address> delegate_of(BytesView code) noexcept {
    constexpr std::array<std::uint8_t, 3> kDesignator{0xEF, 0x01, 0x00};
    Address out;
    if (code.size() != kDesignator.size() + out.bytes.size()) return std::nullopt;
    if (!std::equal(kDesignator.begin(), kDesignator.end(), code.begin())) return std::nullopt;
    std::copy(code.begin() + kDesignator.size(), code.end(), out.bytes.begin());
    return out;
}

}  // namespace plimsoll::signer
