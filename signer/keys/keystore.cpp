// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/keystore.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/keys/context.hpp"
#include "signer/keys/private_file.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace plimsoll::signer {
namespace {

constexpr std::size_t kHalf = 16;  // of the derived key: first the cipher's, then the check's

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

/// aes-128-ctr, which is its own reverse.
bool crypt(const SecretBytes& derived, std::span<const std::uint8_t, 16> iv, BytesView in,
           std::span<std::uint8_t> out) {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context{EVP_CIPHER_CTX_new()};
    int size = 0;
    return context &&
           EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, derived.reveal().data(),
                              iv.data()) == 1 &&
           EVP_EncryptUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) == 1 &&
           static_cast<std::size_t>(size) == in.size();
}

Hash32 mac_of(const SecretBytes& derived, BytesView ciphertext) {
    SecretBytes text{kHalf + ciphertext.size()};
    std::copy(derived.reveal().begin() + kHalf, derived.reveal().end(), text.writable().begin());
    std::copy(ciphertext.begin(), ciphertext.end(), text.writable().begin() + kHalf);
    return keccak256(text.reveal());
}

/// A random UUID (RFC 4122, version 4).
std::string uuid_of(std::array<std::uint8_t, 16> bytes) {
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    std::string out = to_hex(bytes).substr(2);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        out.insert(at, 1, '-');
    return out;
}

}  // namespace

Result<Keystore> seal(const Secret& secret, const SecretBytes& password,
                      const std::variant<ScryptCost, Pbkdf2Cost>& cost) {
    Keystore out;
    PLIMSOLL_TRY(out.address, address_of(secret));
    out.derivation.cost = cost;
    out.derivation.salt.resize(32);
    std::array<std::uint8_t, 16> id{};
    if (!fill_random(out.derivation.salt) || !fill_random(out.iv) || !fill_random(id))
        return fail(Errc::key_unavailable, "the kernel gave no random bytes");
    out.id = uuid_of(id);
    PLIMSOLL_TRY(const SecretBytes derived, derive_key(password, out.derivation));
    if (!crypt(derived, out.iv, secret.reveal(), out.ciphertext))
        return fail(Errc::key_unavailable, "aes-128-ctr is not to be had");
    out.mac = mac_of(derived, out.ciphertext);
    return out;
}

Result<Secret> unseal(const Keystore& keystore, const SecretBytes& password) {
    PLIMSOLL_TRY(const SecretBytes derived, derive_key(password, keystore.derivation));
    const Hash32 mac = mac_of(derived, keystore.ciphertext);
    if (CRYPTO_memcmp(mac.bytes.data(), keystore.mac.bytes.data(), mac.bytes.size()) != 0)
        return fail(Errc::key_unavailable, "the password is wrong, or the keystore was damaged");
    SecretBytes plain{keystore.ciphertext.size()};
    if (!crypt(derived, keystore.iv, keystore.ciphertext, plain.writable()))
        return fail(Errc::key_unavailable, "aes-128-ctr is not to be had");
    Secret secret{plain.writable().first<32>()};
    const Result<Address> address = address_of(secret);
    if (!address) return fail(Errc::malformed_input, "what the keystore holds is no private key");
    if (keystore.address && *keystore.address != *address) {
        return fail(Errc::malformed_input, "the keystore says it is " + to_string(*keystore.address) +
                                               ", and its key is " + to_string(*address));
    }
    return secret;
}

Result<Keystore> read_keystore_file(const std::string& path) {
    PLIMSOLL_TRY(const SecretBytes text, read_private_file(path, kMaxKeystoreSize));
    Result<Keystore> keystore = parse_keystore(text.reveal_text());
    if (!keystore) keystore.error().context.insert(0, path + ": ");
    return keystore;
}

Result<Key> open_keystore_file(const std::string& path, const SecretBytes& password) {
    PLIMSOLL_TRY(const Keystore keystore, read_keystore_file(path));
    Result<Secret> secret = unseal(keystore, password);
    if (!secret) return fail(secret.error().code, path + ": " + secret.error().context);
    return Key::from_secret(*std::move(secret));
}

}  // namespace plimsoll::signer
