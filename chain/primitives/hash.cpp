// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hash.hpp"

#include "chain/primitives/hex.hpp"

namespace plimsoll {

std::string to_string(const Hash32& hash) {
    return to_hex(hash.bytes);
}

Result<Hash32> parse_hash(std::string_view text) {
    Hash32 out;
    if (!text.starts_with("0x") || !decode_hex(text.substr(2), out.bytes)) {
        return fail(Errc::malformed_input,
                    "a hash is 0x and 64 hex digits, not \"" + std::string{text.substr(0, 80)} + "\"");
    }
    return out;
}

}  // namespace plimsoll
