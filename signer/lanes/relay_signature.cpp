// SPDX-License-Identifier: Apache-2.0
#include "signer/lanes/relay_signature.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/keys/private_file.hpp"

#include <array>
#include <utility>

namespace plimsoll::signer {

std::string relay_signature(const Key& key, std::string_view body) {
    const std::string digest = to_hex(keccak256(body).bytes);
    std::string message{
        "\x19"
        "Ethereum Signed Message:\n"};
    message += std::to_string(digest.size()) + digest;
    const Signature signature = key.sign(keccak256(std::string_view{message}));
    constexpr unsigned kFirst = 27;  // what personal messages write a parity of 0 as
    const std::array<std::uint8_t, 1> parity{static_cast<std::uint8_t>(kFirst + signature.y_parity)};
    std::string out = to_string(key.address()) + ":0x";
    append_hex(out, signature.r.bytes);
    append_hex(out, signature.s.bytes);
    append_hex(out, parity);
    return out;
}

Result<Key> read_relay_key(const std::string& path) {
    constexpr std::size_t kMostBytes = 128;
    PLIMSOLL_TRY(SecretBytes file, read_private_file(path, kMostBytes));
    file.drop_line_end();
    std::string_view digits = file.reveal_text();
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    std::array<std::uint8_t, 32> bytes{};
    if (!decode_hex(digits, bytes)) return fail(Errc::malformed_input, path + " is no key of 64 hex digits");
    return Key::from_secret(Secret{bytes});
}

}  // namespace plimsoll::signer
