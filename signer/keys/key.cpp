// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/key.hpp"

#include "signer/keys/context.hpp"
#include "signer/keys/public_key.hpp"
#include "signer/keys/rfc6979.hpp"

#include <secp256k1_recovery.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace plimsoll::signer {

Key::Key(Secret secret, const Address& address) noexcept : secret_{std::move(secret)}, address_{address} {}

Result<Key> Key::from_secret(Secret secret) {
    PLIMSOLL_TRY(const Address address, address_of(secret));
    return Key{std::move(secret), address};
}

Result<Address> address_of(const Secret& secret) {
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_create(curve_context(), &point, secret.reveal().data()) != 1)
        return fail(Errc::key_unavailable, "the secret is not a private key of secp256k1");
    return address_of(point);
}

Signature Key::sign(const Hash32& digest) const {
    secp256k1_ecdsa_recoverable_signature made;
    std::array<std::uint8_t, 64> compact{};
    int recovery_id = 0;
    // libsecp256k1 returns the low-s form of the RFC 6979 signature.
    if (secp256k1_ecdsa_sign_recoverable(curve_context(), &made, digest.bytes.data(), secret_.reveal().data(),
                                         plimsoll_nonce_rfc6979, nullptr) != 1) {
        throw std::runtime_error{"libsecp256k1: no signature for a valid key"};
    }
    secp256k1_ecdsa_recoverable_signature_serialize_compact(curve_context(), compact.data(), &recovery_id,
                                                            &made);
    // Ids 2 and 3 mean r wrapped around the group order: one case in 2^127, and Ethereum cannot express it.
    if (recovery_id > 1) throw std::runtime_error{"the signature's r exceeds the group order"};
    Signature out;
    std::copy_n(compact.begin(), 32, out.r.bytes.begin());
    std::copy_n(compact.begin() + 32, 32, out.s.bytes.begin());
    out.y_parity = static_cast<std::uint8_t>(recovery_id);
    return out;
}

Result<Secret> random_secret() {
    for (;;) {
        std::array<std::uint8_t, 32> random{};
        if (!fill_random(random)) return fail(Errc::key_unavailable, "the kernel gave no random bytes");
        Secret secret{random};
        if (address_of(secret)) return secret;  // all but one in 2^128
    }
}

Result<Key> throwaway_key() {
    PLIMSOLL_TRY(Secret secret, random_secret());
    return Key::from_secret(std::move(secret));
}

}  // namespace plimsoll::signer
