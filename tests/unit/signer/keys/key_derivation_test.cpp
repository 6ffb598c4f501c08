// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/key_derivation.hpp"

#include "chain/primitives/hex.hpp"
#include "signer/keys/scrypt_mix.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::signer {
namespace {

SecretBytes secret_of(std::string_view text) {
    SecretBytes out{text.size()};
    std::copy(text.begin(), text.end(), out.writable().begin());
    return out;
}

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string derived(std::string_view password, const KeyDerivation& how) {
    const auto key = derive_key(secret_of(password), how);
    return key ? to_hex(key->reveal()) : key.error().context;
}

// The first half of each 64-byte key of RFC 7914, section 12, and of RFC 7914, section 11 for PBKDF2: a
// shorter key is a prefix of a longer one.
TEST(KeyDerivation, GivesTheKeysOfRfc7914) {
    EXPECT_EQ(derived("password", {ScryptCost{1024, 8, 16}, bytes_of("NaCl")}),
              "0xfdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    EXPECT_EQ(derived("pleaseletmein", {ScryptCost{16384, 8, 1}, bytes_of("SodiumChloride")}),
              "0x7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    EXPECT_EQ(derived("passwd", {Pbkdf2Cost{1}, bytes_of("salt")}),
              "0x55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    EXPECT_EQ(derived("Password", {Pbkdf2Cost{80'000}, bytes_of("NaCl")}),
              "0x4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

TEST(KeyDerivation, MixesAsRfc7914Does) {
    // Section 10: scryptROMix with n = 16, r = 1.
    Bytes block = parse_hex(
                      "0xf7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad89f68f4811d1e87bcc3b"
                      "d7400a9ffd2"
                      "9094f0184639574f39ae5a1315217bcd7894991447213bb226c25b54da86370fbcd984380374666bb8ffcb"
                      "5bf40c254b0"
                      "67d27c51ce4ad5fed829c90b505a571b7f4d1cad6a523cda770e67bceaaf7e89")
                      .value();
    std::vector<std::uint32_t> scratch(32 * 16);
    scrypt_mix(block, 16, scratch);
    EXPECT_EQ(to_hex(block),
              "0x79ccc193629debca047f0b70604bf6b62ce3dd4a9626e355fafc6198e6ea2b46d58413673b99b029d665c357601f"
              "b426a0b2f"
              "4bba200ee9f0a43d19b571a9c71ef1142e65d5a266fddca832ce59faa7cac0b9cf1be2bffca300d01ee387619c4ae1"
              "2fd4438f2"
              "03a0e4e1c47ec314861f4e9087cb33396a6873e8f9d2539a4b8e");
}

RC_GTEST_PROP(KeyDerivation, OurOwnMixingIsOpenSslsEverywhere, ()) {
    const std::uint64_t n = std::uint64_t{1} << *rc::gen::inRange<unsigned>(1, 9);
    const std::size_t r = *rc::gen::inRange<std::size_t>(1, 6);
    const std::size_t p = *rc::gen::inRange<std::size_t>(1, 4);
    const auto salt = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::uint8_t>>());
    const int salt_size = static_cast<int>(salt.size());
    const int size = static_cast<int>(128 * r * p);
    Bytes blocks(128 * r * p);
    RC_ASSERT(PKCS5_PBKDF2_HMAC("pw", 2, salt.data(), salt_size, 1, EVP_sha256(), size, blocks.data()) == 1);
    std::vector<std::uint32_t> scratch(32 * r * n);
    for (std::size_t i = 0; i < p; ++i)
        scrypt_mix(std::span{blocks}.subspan(i * 128 * r, 128 * r), n, scratch);
    Bytes ours(32);
    RC_ASSERT(PKCS5_PBKDF2_HMAC("pw", 2, blocks.data(), size, 1, EVP_sha256(), 32, ours.data()) == 1);
    Bytes theirs(32);
    RC_ASSERT(EVP_PBE_scrypt("pw", 2, salt.data(), salt.size(), n, r, p, 0, theirs.data(), 32) == 1);
    RC_ASSERT(ours == theirs);
}

TEST(KeyDerivation, TakesCostsThatOpenSslDoesNot) {
    // n = 2^(16 r): beyond RFC 7914, as in one of the official keystores.
    const KeyDerivation odd{ScryptCost{65'536, 1, 1}, bytes_of("salt")};
    EXPECT_EQ(derived("p", odd).size(), 66U);
    EXPECT_NE(derived("p", odd), derived("q", odd));
}

TEST(KeyDerivation, BoundsWhatAFileMayAskFor) {
    const Bytes salt = bytes_of("salt");
    const auto ok = [&](const auto& cost) { return check_derivation({cost, salt}).has_value(); };
    EXPECT_TRUE(ok(ScryptCost{}));
    EXPECT_TRUE(ok(ScryptCost{524'288, 8, 2}));
    EXPECT_FALSE(ok(ScryptCost{524'288, 8, 4})) << "steps";
    EXPECT_FALSE(ok(ScryptCost{1'048'576, 8, 1})) << "memory";
    EXPECT_FALSE(ok(ScryptCost{262'144, 65, 1}));
    EXPECT_FALSE(ok(ScryptCost{16, 1, 65}));
    EXPECT_FALSE(ok(ScryptCost{~std::uint64_t{0}, 8, 1}));
    EXPECT_FALSE(ok(ScryptCost{std::uint64_t{1} << 63U, 64, 64}));
    EXPECT_FALSE(ok(Pbkdf2Cost{0}));
    EXPECT_FALSE(ok(Pbkdf2Cost{kMaxPbkdf2Rounds + 1}));
    EXPECT_FALSE(check_derivation({Pbkdf2Cost{1}, Bytes{}}));
    EXPECT_FALSE(check_derivation({Pbkdf2Cost{1}, Bytes(257, 1)}));
    EXPECT_EQ(derive_key(secret_of("p"), {ScryptCost{3, 1, 1}, salt}).error().code, Errc::malformed_input);
}

TEST(KeyDerivation, AnEmptyPasswordIsOne) {
    EXPECT_EQ(derived("", {ScryptCost{16, 1, 1}, bytes_of("s")}).size(), 66U);
    EXPECT_EQ(derived("", {Pbkdf2Cost{1}, bytes_of("s")}).size(), 66U);
}

}  // namespace
}  // namespace plimsoll::signer
