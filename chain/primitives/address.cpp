// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/address.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"

#include <algorithm>

namespace plimsoll {

namespace {

bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'f';
}
bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'F';
}

}  // namespace

std::string to_string(const Address& address) {
    std::string out = to_hex(address.bytes);
    const Hash32 hash = keccak256(std::string_view{out}.substr(2));
    for (std::size_t i = 0; i < 40; ++i) {
        const unsigned nibble = (hash.bytes[i / 2] >> (i % 2 == 0 ? 4U : 0U)) & 0x0FU;
        char& digit = out[i + 2];
        if (nibble >= 8 && is_lower(digit)) digit = static_cast<char>(digit - 'a' + 'A');
    }
    return out;
}

Result<Address> parse_address(std::string_view text) {
    const std::string shown{text.substr(0, 80)};
    Address out;
    if (!text.starts_with("0x") || !decode_hex(text.substr(2), out.bytes)) {
        return fail(Errc::malformed_input, "an address is 0x and 40 hex digits, not \"" + shown + "\"");
    }
    const std::string_view digits = text.substr(2);
    const bool mixed = std::any_of(digits.begin(), digits.end(), is_lower) &&
                       std::any_of(digits.begin(), digits.end(), is_upper);
    if (mixed && to_string(out) != text) {
        return fail(Errc::malformed_input,
                    "the EIP-55 checksum of address " + shown + " is wrong: a digit was mistyped");
    }
    return out;
}

}  // namespace plimsoll
