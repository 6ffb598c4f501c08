// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/key_derivation.hpp"

#include "signer/keys/scrypt_mix.hpp"

#include <openssl/evp.h>
#include <string.h>

#include <bit>
#include <new>
#include <string>

namespace plimsoll::signer {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::uint64_t kMaxFactor = 64;  // r and p
constexpr std::size_t kMaxSalt = 256;

tl::unexpected<Error> out_of_bounds(const std::string& what) {
    return fail(Errc::malformed_input, "key derivation: " + what);
}

Result<void> check_cost(const ScryptCost& cost) {
    if (cost.n < 2 || !std::has_single_bit(cost.n))
        return out_of_bounds("scrypt's n is no power of two above 1");
    if (cost.r == 0 || cost.r > kMaxFactor) return out_of_bounds("scrypt's r is not from 1 to 64");
    if (cost.p == 0 || cost.p > kMaxFactor) return out_of_bounds("scrypt's p is not from 1 to 64");
    if (cost.n > kMaxScryptMemory / 128 / cost.r)
        return out_of_bounds("scrypt's n and r ask for more than 512 MiB of memory");
    if (cost.n * cost.r > kMaxScryptSteps / cost.p)
        return out_of_bounds("scrypt's n, r and p ask for more than 2^23 steps");
    return {};
}

Result<void> check_cost(const Pbkdf2Cost& cost) {
    if (cost.c == 0 || cost.c > kMaxPbkdf2Rounds)
        return out_of_bounds("pbkdf2's c is not from 1 to 10000000");
    return {};
}

bool pbkdf2(const SecretBytes& password, BytesView salt, std::uint64_t rounds, std::span<std::uint8_t> out) {
    const std::string_view text = password.reveal_text();
    return PKCS5_PBKDF2_HMAC(text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                             salt.data(), static_cast<int>(salt.size()), static_cast<int>(rounds),
                             EVP_sha256(), static_cast<int>(out.size()), out.data()) == 1;
}

/// OpenSSL keeps RFC 7914's n < 2^(16 r).
bool fits_openssl(const ScryptCost& cost) {
    return cost.r >= 4 || cost.n < (std::uint64_t{1} << (16U * cost.r));
}

bool scrypt_openssl(const SecretBytes& password, const ScryptCost& cost, BytesView salt,
                    std::span<std::uint8_t> out) {
    const std::string_view text = password.reveal_text();
    const std::uint64_t room = kMaxScryptMemory + (std::uint64_t{1} << 20U);
    return EVP_PBE_scrypt(text.data() == nullptr ? "" : text.data(), text.size(), salt.data(), salt.size(),
                          cost.n, cost.r, cost.p, room, out.data(), out.size()) == 1;
}

bool scrypt_own(const SecretBytes& password, const ScryptCost& cost, BytesView salt,
                std::span<std::uint8_t> out) {
    const std::size_t block = 128 * cost.r;
    SecretBytes blocks{block * cost.p};
    SecretBytes scratch{block * cost.n};
    const std::span<std::uint32_t> words{reinterpret_cast<std::uint32_t*>(scratch.writable().data()),
                                         scratch.size() / sizeof(std::uint32_t)};
    if (!pbkdf2(password, salt, 1, blocks.writable())) return false;
    for (std::uint64_t i = 0; i < cost.p; ++i)
        scrypt_mix(blocks.writable().subspan(i * block, block), cost.n, words);
    return pbkdf2(password, blocks.reveal(), 1, out);
}

bool derive(const SecretBytes& password, const KeyDerivation& how, std::span<std::uint8_t> out) {
    if (const auto* const rounds = std::get_if<Pbkdf2Cost>(&how.cost))
        return pbkdf2(password, how.salt, rounds->c, out);
    const ScryptCost& cost = std::get<ScryptCost>(how.cost);
    if (fits_openssl(cost)) return scrypt_openssl(password, cost, how.salt, out);
    return scrypt_own(password, cost, how.salt, out);
}

}  // namespace

Result<void> check_derivation(const KeyDerivation& how) {
    if (how.salt.empty() || how.salt.size() > kMaxSalt)
        return out_of_bounds("the salt is not from 1 to 256 bytes");
    return std::visit([](const auto& cost) { return check_cost(cost); }, how.cost);
}

Result<SecretBytes> derive_key(const SecretBytes& password, const KeyDerivation& how) {
    PLIMSOLL_CHECK(check_derivation(how));
    SecretBytes out{kKeySize};
    try {
        if (derive(password, how, out.writable())) return out;
    } catch (const std::bad_alloc&) {  // a large scratch area is the only thing here that can be missing
    }
    return fail(Errc::key_unavailable, "key derivation: not enough memory");
}

}  // namespace plimsoll::signer
