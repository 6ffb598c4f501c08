// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "signer/keys/key.hpp"
#include "signer/keys/key_derivation.hpp"
#include "signer/keys/secret_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::signer {

/// A private key under a password: Web3 Secret Storage, version 3, with aes-128-ctr. Nothing in it is secret
/// by itself.
struct Keystore {
    std::string id;                  // a UUID, or empty
    std::optional<Address> address;  // as the file says; proven by opening only
    KeyDerivation derivation;
    std::array<std::uint8_t, 16> iv{};
    std::array<std::uint8_t, 32> ciphertext{};
    Hash32 mac;  // Keccak-256 of the derived key's second half and the ciphertext
    friend bool operator==(const Keystore&, const Keystore&) = default;
};

/// No keystore is larger.
inline constexpr std::size_t kMaxKeystoreSize = std::size_t{64} << 10U;

/// Errc::malformed_input for what is not such a document: other versions, ciphers and functions, wrong
/// lengths, parameters out of bounds (see `check_derivation`), a key that stands twice, deep nesting. Fields
/// of wallets' own are ignored.
[[nodiscard]] Result<Keystore> parse_keystore(std::string_view json);
/// One line, with its end.
[[nodiscard]] std::string to_json(const Keystore& keystore);

/// Encrypts. Salt, iv and id are random; `cost` must be within bounds. Errc::key_unavailable for a secret
/// that is no private key, or without random bytes or memory.
[[nodiscard]] Result<Keystore> seal(const Secret& secret, const SecretBytes& password,
                                    const std::variant<ScryptCost, Pbkdf2Cost>& cost = ScryptCost{});
/// Decrypts: Errc::key_unavailable for a wrong password (one text for whatever does not fit, compared in
/// constant time); Errc::malformed_input if the key is not the address's that the file names. Takes about a
/// second.
[[nodiscard]] Result<Secret> unseal(const Keystore& keystore, const SecretBytes& password);

/// A keystore's file, which must be private (see `read_private_file`); errors name the file.
[[nodiscard]] Result<Keystore> read_keystore_file(const std::string& path);
/// The same, opened: the key itself.
[[nodiscard]] Result<Key> open_keystore_file(const std::string& path, const SecretBytes& password);

}  // namespace plimsoll::signer
