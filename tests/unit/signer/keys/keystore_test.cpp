// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/keystore.hpp"

#include "tests/unit/signer/vector_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace plimsoll::signer {
namespace {

using simdjson::dom::element;

SecretBytes password_of(std::string_view text) {
    SecretBytes out{text.size()};
    std::copy(text.begin(), text.end(), out.writable().begin());
    return out;
}

Secret secret_key(std::string_view hex) {
    std::array<std::uint8_t, 32> bytes{};
    EXPECT_TRUE(decode_hex(hex, bytes));
    return Secret{bytes};
}

constexpr const char* kSecret = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
constexpr ScryptCost kCheap{2, 1, 1};

TEST(Keystore, OpensTheOfficialOnes) {
    simdjson::dom::parser json;
    std::size_t count = 0;
    for (const std::string& line : vector_lines("keystore/official.jsonl")) {
        const element row = json.parse(line);
        const auto keystore = parse_keystore(text_of(row["json"]));
        ASSERT_TRUE(keystore) << line << keystore.error().context;
        const auto secret = unseal(*keystore, password_of(text_of(row["password"])));
        ASSERT_TRUE(secret) << line << secret.error().context;
        EXPECT_EQ(to_hex(secret->reveal()), "0x" + text_of(row["secret"]));
        ++count;
    }
    EXPECT_EQ(count, 5U);
}

TEST(Keystore, OpensThoseOfOtherWallets) {
    simdjson::dom::parser json;
    std::size_t count = 0;
    for (const std::string& line : vector_lines("keystore/ethers.jsonl")) {
        const element row = json.parse(line);
        const auto keystore = parse_keystore(text_of(row["json"]));
        ASSERT_TRUE(keystore) << line << keystore.error().context;
        const auto secret = unseal(*keystore, password_of(text_of(row["password"])));
        ASSERT_TRUE(secret) << line << secret.error().context;
        EXPECT_EQ(to_string(address_of(*secret).value()), text_of(row["address"]));
        ++count;
    }
    EXPECT_EQ(count, 7U);
}

TEST(Keystore, MakesOnesItCanOpen) {
    const Secret secret = secret_key(kSecret);
    for (const auto& cost : {std::variant<ScryptCost, Pbkdf2Cost>{kCheap}, {Pbkdf2Cost{1}}}) {
        const Keystore made = seal(secret, password_of("pass \xc3\xa9"), cost).value();
        const Keystore read = parse_keystore(to_json(made)).value();
        EXPECT_EQ(read, made);
        EXPECT_EQ(to_string(*read.address), to_string(address_of(secret).value()));
        EXPECT_EQ(to_hex(unseal(read, password_of("pass \xc3\xa9"))->reveal()), std::string{"0x"} + kSecret);
        const auto wrong = unseal(read, password_of("pass e"));
        ASSERT_FALSE(wrong);
        EXPECT_EQ(wrong.error().code, Errc::key_unavailable);
    }
    const Keystore first = seal(secret, password_of("p"), kCheap).value();
    const Keystore second = seal(secret, password_of("p"), kCheap).value();
    EXPECT_NE(first.derivation.salt, second.derivation.salt);
    EXPECT_NE(first.iv, second.iv);
    EXPECT_NE(first.id, second.id);
    EXPECT_NE(first.ciphertext, second.ciphertext);
    EXPECT_EQ(first.id[14], '4');
}

TEST(Keystore, DefaultsToWhatGethUses) {
    EXPECT_EQ(ScryptCost{}, (ScryptCost{262'144, 8, 1}));
}

TEST(Keystore, NoticesEveryChangedByte) {
    const Keystore made = seal(secret_key(kSecret), password_of("p"), kCheap).value();
    const auto opens = [](const Keystore& keystore) {
        return unseal(keystore, password_of("p")).has_value();
    };
    ASSERT_TRUE(opens(made));
    for (std::size_t i = 0; i < 32; ++i) {
        Keystore changed = made;
        changed.ciphertext[i] ^= 1U;
        EXPECT_FALSE(opens(changed));
        changed = made;
        changed.mac.bytes[i] ^= 0x80U;
        EXPECT_FALSE(opens(changed));
        changed = made;
        changed.derivation.salt[i] ^= 1U;
        EXPECT_FALSE(opens(changed));
    }
    // The iv is not under the check: only the address betrays another one.
    Keystore changed = made;
    changed.iv[3] ^= 1U;
    EXPECT_EQ(unseal(changed, password_of("p")).error().code, Errc::malformed_input);
    changed = made;
    changed.address->bytes[0] ^= 1U;
    EXPECT_EQ(unseal(changed, password_of("p")).error().code, Errc::malformed_input);
}

TEST(Keystore, RefusesToSealNoKey) {
    std::array<std::uint8_t, 32> zero{};
    EXPECT_EQ(seal(Secret{zero}, password_of("p"), kCheap).error().code, Errc::key_unavailable);
}

/// A good document, and with one piece of it exchanged.
const std::string kGood =
    R"({"address":"460121576cc7df020759730751f92bd62fd78dd6","crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"681679cdb125bba9495d068b002816a4"},"ciphertext":"54ae683c6287fa3d58321f09d56e26d94e58a00d4f90bdd95782ae0e4aab618b","kdf":"scrypt","kdfparams":{"dklen":32,"salt":"c3407f363fce02a66e3c4bf4a8f6b7da1c1f54266cef66381f0625c251c32785","n":8192,"r":8,"p":1},"mac":"dea6bdf22a2f522166ed82808c22a6311e84c355f4bbe100d4260483ff675a46"},"id":"0eb785e0-340a-4290-9c42-90a11973ee47","version":3})";

std::string with(std::string_view from, std::string_view to) {
    std::string out = kGood;
    const std::size_t at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
}

TEST(Keystore, RefusesHostileOnesAtOnce) {
    ASSERT_TRUE(parse_keystore(kGood));
    const std::string deep = std::string(5'000, '[') + std::string(5'000, ']');
    const std::vector<std::string> hostile{
        "",
        " ",
        "{",
        "[]",
        "null",
        "3",
        "{}",
        "\xff\xfe",
        kGood + "x",
        kGood + kGood,
        kGood.substr(0, kGood.size() / 2),
        kGood.substr(0, kGood.size() - 1),
        deep,
        with("\"version\":3", "\"version\":3,\"x\":" + deep),
        with("\"version\":3", "\"x\":\"" + std::string(70'000, 'x') + "\",\"version\":3"),
        with("\"version\":3", "\"version\":1"),
        with("\"version\":3", "\"version\":\"3\""),
        with("\"version\":3", "\"version\":3,\"version\":3"),
        with(",\"version\":3", ""),
        with("\"version\":3", "\"Crypto\":{},\"version\":3"),
        with("\"crypto\":{", "\"crypto\":[],\"c\":{"),
        with("aes-128-ctr", "aes-128-cbc"),
        with("\"cipher\":\"aes-128-ctr\",", ""),
        with("\"iv\":\"68", "\"iv\":\""),
        with("\"iv\":\"68", "\"iv\":\"zz"),
        with("\"iv\":\"68", "\"iv\":\"0x68"),
        with("\"iv\":\"681679cdb125bba9495d068b002816a4\"", "\"iv\":7"),
        with("\"ciphertext\":\"54", "\"ciphertext\":\""),
        with("\"ciphertext\":\"54", "\"ciphertext\":\"545454"),
        with("\"mac\":\"de", "\"mac\":\""),
        with("\"mac\":", "\"mac\":null,\"mac\":"),
        with("\"mac\":", "\"mca\":"),
        with("\"kdf\":\"scrypt\"", "\"kdf\":\"argon2\""),
        with("\"kdf\":\"scrypt\"", "\"kdf\":\"pbkdf2\""),
        with("\"dklen\":32", "\"dklen\":0"),
        with("\"dklen\":32", "\"dklen\":31"),
        with("\"dklen\":32", "\"dklen\":4294967328"),
        with("\"dklen\":32", "\"dklen\":-32"),
        with("\"n\":8192", "\"n\":1073741824"),
        with("\"n\":8192", "\"n\":0"),
        with("\"n\":8192", "\"n\":1"),
        with("\"n\":8192", "\"n\":8191"),
        with("\"n\":8192", "\"n\":\"8192\""),
        with("\"n\":8192", "\"n\":8192.5"),
        with("\"n\":8192", "\"n\":9223372036854775808"),
        with("\"n\":8192", "\"n\":8192,\"n\":8192"),
        with("\"n\":8192", "\"n\":1e400"),
        with("\"n\":8192", "\"n\":99999999999999999999999"),
        with("\"r\":8", "\"r\":0"),
        with("\"r\":8", "\"r\":4294967295"),
        with("\"r\":8", "\"r\":18446744073709551615"),
        with("\"p\":1", "\"p\":0"),
        with("\"p\":1", "\"p\":1000000"),
        with("\"p\":1", "\"p\":18446744073709551615"),
        with("\"n\":8192,\"r\":8,\"p\":1", "\"n\":4194304,\"r\":1,\"p\":64"),
        with("\"salt\":\"c3", "\"salt\":\"c"),
        with("\"salt\":\"c3", "\"salt\":\"c3" + std::string(600, 'a')),
        with("\"salt\":\"c3407f363fce02a66e3c4bf4a8f6b7da1c1f54266cef66381f0625c251c32785\"",
             "\"salt\":\"\""),
        with("\"address\":\"46", "\"address\":\""),
        with("\"address\":\"46", "\"address\":\"0x0x46"),
        with("\"address\":\"460121576cc7df020759730751f92bd62fd78dd6\"", "\"address\":[1]"),
        with("0eb785e0-340a", "0eb785e0x340a"),
        with("0eb785e0-340a", "\\u0000eb785e0-340a"),
    };
    const auto begun = std::chrono::steady_clock::now();
    for (const std::string& text : hostile) {
        const auto keystore = parse_keystore(text);
        ASSERT_FALSE(keystore) << text.substr(0, 700);
        EXPECT_EQ(keystore.error().code, Errc::malformed_input) << text.substr(0, 700);
        EXPECT_LT(keystore.error().context.size(), 200U);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1}) << "nothing is derived";
}

TEST(Keystore, BoundsPbkdf2Too) {
    const auto accepted = [](const char* params) {
        std::string text = with("\"kdf\":\"scrypt\"", "\"kdf\":\"pbkdf2\"");
        text.replace(text.find("\"n\":8192,\"r\":8,\"p\":1"), 20, params);
        return parse_keystore(text).has_value();
    };
    EXPECT_TRUE(accepted(R"("c":1,"prf":"hmac-sha256")"));
    EXPECT_TRUE(accepted(R"("c":10000000,"prf":"hmac-sha256")"));
    for (const char* params :
         {R"("c":0,"prf":"hmac-sha256")", R"("c":10000001,"prf":"hmac-sha256")", R"("c":1,"prf":"hmac-sha1")",
          R"("c":1)", R"("prf":"hmac-sha256")", R"("c":-1,"prf":"hmac-sha256")"})
        EXPECT_FALSE(accepted(params)) << params;
}

}  // namespace
}  // namespace plimsoll::signer
