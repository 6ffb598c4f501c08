// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/rfc6979.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace plimsoll::signer {

namespace {

using View = std::span<const std::uint8_t>;

/// Bytes that a nonce, and so the key, could be reckoned from: wiped when they go.
template <std::size_t Size>
struct Wiped : std::array<std::uint8_t, Size> {
    Wiped() : std::array<std::uint8_t, Size>{} {}
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { OPENSSL_cleanse(this->data(), Size); }
};

/// SHA-256 in the midst of a message.
class Sha256 {
  public:
    Sha256() { SHA256_Init(&state_); }
    Sha256(const Sha256&) = default;
    Sha256& operator=(const Sha256&) = default;
    ~Sha256() { OPENSSL_cleanse(&state_, sizeof state_); }

    Sha256& add(View bytes) {
        SHA256_Update(&state_, bytes.data(), bytes.size());
        return *this;
    }
    void end(std::span<std::uint8_t, SHA256_DIGEST_LENGTH> out) { SHA256_Final(out.data(), &state_); }

  private:
    SHA256_CTX state_;
};

/// HMAC-SHA-256 (RFC 2104) with a key of 32 bytes.
class Hmac {
  public:
    explicit Hmac(std::span<const std::uint8_t, SHA256_DIGEST_LENGTH> key) {
        constexpr std::uint8_t kInner = 0x36;
        constexpr std::uint8_t kOuter = 0x5C;
        Wiped<SHA256_CBLOCK> pad;
        std::copy(key.begin(), key.end(), pad.begin());
        for (std::uint8_t& byte : pad)
            byte ^= kInner;
        inner_.add(pad);
        for (std::uint8_t& byte : pad)
            byte ^= kInner ^ kOuter;
        outer_.add(pad);
    }

    /// `message` may be where `out` is.
    void of(View message, std::span<std::uint8_t, SHA256_DIGEST_LENGTH> out) const {
        Wiped<SHA256_DIGEST_LENGTH> digest;
        Sha256{inner_}.add(message).end(digest);
        Sha256{outer_}.add(digest).end(out);
    }

  private:
    Sha256 inner_;
    Sha256 outer_;
};

/// Whether a number may be at or above the order of the group, which begins with 127 ones.
bool may_exceed_order(View number) {
    constexpr std::size_t kOnes = 15;
    return std::all_of(number.begin(), number.begin() + kOnes,
                       [](std::uint8_t byte) { return byte == 0xFF; });
}

/// Steps a to h; V, one byte, the key and the digest lie one after the other.
void make_nonce(std::span<std::uint8_t, 32> nonce, View digest, View key) {
    constexpr std::size_t kSize = SHA256_DIGEST_LENGTH;
    Wiped<3 * kSize + 1> message;
    const auto all = std::span{static_cast<std::array<std::uint8_t, 3 * kSize + 1>&>(message)};
    const auto v = all.first<kSize>();
    std::fill(v.begin(), v.end(), std::uint8_t{1});
    std::copy(key.begin(), key.end(), all.begin() + kSize + 1);
    std::copy(digest.begin(), digest.end(), all.begin() + 2 * kSize + 1);
    Wiped<kSize> k;
    for (const bool again : {false, true}) {
        all[kSize] = again ? 1 : 0;
        Hmac{k}.of(all, k);
        Hmac{k}.of(v, v);
    }
    Hmac{k}.of(v, nonce);
}

}  // namespace

extern "C" int plimsoll_nonce_rfc6979(unsigned char* nonce, const unsigned char* digest,
                                      const unsigned char* key, const unsigned char* algorithm, void* entropy,
                                      unsigned int attempt) {
    constexpr std::size_t kSize = 32;
    const View digest_bytes{digest, kSize};
    if (attempt != 0 || algorithm != nullptr || entropy != nullptr || may_exceed_order(digest_bytes))
        return secp256k1_nonce_function_rfc6979(nonce, digest, key, algorithm, entropy, attempt);
    make_nonce(std::span<std::uint8_t, kSize>{nonce, kSize}, digest_bytes, View{key, kSize});
    return 1;
}

}  // namespace plimsoll::signer
