// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/signature.hpp"

#include "chain/primitives/keccak.hpp"
#include "chain/primitives/u256.hpp"
#include "signer/keys/context.hpp"
#include "signer/keys/public_key.hpp"

#include <secp256k1_recovery.h>

#include <algorithm>
#include <array>

namespace plimsoll::signer {

namespace {

// The group order n of secp256k1 (SEC 2, 2.4.1).
constexpr U256 kOrder = U256::from_limbs(
    {0xBFD25E8CD0364141ULL, 0xBAAEDCE6AF48A03BULL, 0xFFFFFFFFFFFFFFFEULL, 0xFFFFFFFFFFFFFFFFULL});

}  // namespace

bool well_formed(const Signature& signature) noexcept {
    const U256 r = signature.r.as_u256();
    const U256 s = signature.s.as_u256();
    return !r.is_zero() && r < kOrder && !s.is_zero() && s <= (kOrder >> 1U) && signature.y_parity <= 1;
}

Address address_of(const secp256k1_pubkey& key) {
    std::array<std::uint8_t, 65> point{};
    std::size_t size = point.size();
    secp256k1_ec_pubkey_serialize(curve_context(), point.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    return Address::from_word(keccak256(BytesView{point}.subspan(1)));
}

Result<Address> recover(const Hash32& digest, const Signature& signature) {
    if (!well_formed(signature)) return fail(Errc::malformed_input, "signature out of range");
    std::array<std::uint8_t, 64> compact{};
    std::copy(signature.r.bytes.begin(), signature.r.bytes.end(), compact.begin());
    std::copy(signature.s.bytes.begin(), signature.s.bytes.end(), compact.begin() + 32);
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    const bool fits = secp256k1_ecdsa_recoverable_signature_parse_compact(
                          curve_context(), &parsed, compact.data(), signature.y_parity) == 1 &&
                      secp256k1_ecdsa_recover(curve_context(), &key, &parsed, digest.bytes.data()) == 1;
    if (!fits) return fail(Errc::malformed_input, "no public key fits the signature");
    return address_of(key);
}

}  // namespace plimsoll::signer
