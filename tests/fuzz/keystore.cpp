// SPDX-License-Identifier: Apache-2.0
// Keystore files: whatever is accepted is bounded, is written and read again as it was, and can be tried with
// a password without an exception.
#include "signer/keys/keystore.hpp"

#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace plimsoll::fuzz {
namespace {

using signer::Keystore;

/// So cheap that a fuzzer may derive it.
bool is_cheap(const signer::KeyDerivation& how) {
    if (const auto* const rounds = std::get_if<signer::Pbkdf2Cost>(&how.cost)) return rounds->c <= 64;
    const auto& scrypt = std::get<signer::ScryptCost>(how.cost);
    return scrypt.n * scrypt.r * scrypt.p <= 256;
}

signer::SecretBytes password() {
    signer::SecretBytes out{8};
    std::fill(out.writable().begin(), out.writable().end(), std::uint8_t{'p'});
    return out;
}

}  // namespace

void run(BytesView data) {
    const std::string_view text{reinterpret_cast<const char*>(data.data()), data.size()};
    const Result<Keystore> keystore = signer::parse_keystore(text);
    if (!keystore) {
        require(!keystore.error().context.empty(), "a refusal says why");
        return;
    }
    require(signer::check_derivation(keystore->derivation).has_value(),
            "what is accepted is within the bounds");
    const Result<Keystore> again = signer::parse_keystore(signer::to_json(*keystore));
    require(again.has_value() && *again == *keystore, "what is accepted is read again as it was written");
    if (!is_cheap(keystore->derivation)) return;
    const Result<signer::Secret> opened = signer::unseal(*keystore, password());
    if (opened) return;
    const bool known =
        opened.error().code == Errc::key_unavailable || opened.error().code == Errc::malformed_input;
    require(known, "a password that does not fit, or another address");
}

}  // namespace plimsoll::fuzz
