// SPDX-License-Identifier: Apache-2.0
// Reading and writing keystores as JSON. A file is a stranger's: sizes, types, lengths and repetitions are
// checked.
#include "chain/primitives/hex.hpp"
#include "signer/keys/keystore.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cctype>

namespace plimsoll::signer {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxNesting = 8;

tl::unexpected<Error> malformed(std::string_view what) {
    return fail(Errc::malformed_input, "not a keystore: " + std::string{what});
}

/// A member of an object by name, or under either of two names; nothing if it is absent.
Result<std::optional<element>> find(const object& from, std::string_view name, std::string_view alias = {}) {
    std::optional<element> found;
    for (const auto member : from) {
        if (member.key != name && (alias.empty() || member.key != alias)) continue;
        if (found) return malformed("\"" + std::string{name} + "\" stands twice");
        found = member.value;
    }
    return found;
}

template <class T>
Result<T> need(const object& from, std::string_view name, std::string_view alias = {}) {
    PLIMSOLL_TRY(const std::optional<element> found, find(from, name, alias));
    T out;
    if (!found) return malformed("\"" + std::string{name} + "\" is missing");
    if (found->get(out) != simdjson::SUCCESS)
        return malformed("\"" + std::string{name} + "\" has another type");
    return out;
}

Result<void> need_text(const object& from, std::string_view name, std::string_view expected) {
    PLIMSOLL_TRY(const std::string_view text, need<std::string_view>(from, name));
    if (text == expected) return {};
    return malformed("\"" + std::string{name} + "\" is not \"" + std::string{expected} + "\"");
}

Result<void> need_hex(const object& from, std::string_view name, std::span<std::uint8_t> out) {
    PLIMSOLL_TRY(const std::string_view digits, need<std::string_view>(from, name));
    if (decode_hex(digits, out)) return {};
    return malformed("\"" + std::string{name} + "\" is not " + std::to_string(2 * out.size()) +
                     " hex digits");
}

Result<Bytes> read_salt(const object& from) {
    PLIMSOLL_TRY(const std::string_view digits, need<std::string_view>(from, "salt"));
    Bytes out(digits.size() / 2);
    if (digits.size() % 2 == 0 && decode_hex(digits, out)) return out;
    return malformed("\"salt\" is not hex digits");
}

Result<KeyDerivation> read_derivation(const object& crypto) {
    PLIMSOLL_TRY(const std::string_view name, need<std::string_view>(crypto, "kdf"));
    PLIMSOLL_TRY(const object params, need<object>(crypto, "kdfparams"));
    PLIMSOLL_TRY(const std::uint64_t size, need<std::uint64_t>(params, "dklen"));
    if (size != 32) return malformed("\"dklen\" is not 32");
    KeyDerivation out;
    PLIMSOLL_TRY(out.salt, read_salt(params));
    if (name == "scrypt") {
        ScryptCost cost;
        PLIMSOLL_TRY(cost.n, need<std::uint64_t>(params, "n"));
        PLIMSOLL_TRY(cost.r, need<std::uint64_t>(params, "r"));
        PLIMSOLL_TRY(cost.p, need<std::uint64_t>(params, "p"));
        out.cost = cost;
    } else if (name == "pbkdf2") {
        Pbkdf2Cost cost;
        PLIMSOLL_CHECK(need_text(params, "prf", "hmac-sha256"));
        PLIMSOLL_TRY(cost.c, need<std::uint64_t>(params, "c"));
        out.cost = cost;
    } else {
        return malformed("\"kdf\" is neither \"scrypt\" nor \"pbkdf2\"");
    }
    PLIMSOLL_CHECK(check_derivation(out));
    return out;
}

Result<std::optional<Address>> read_address(const object& root) {
    PLIMSOLL_TRY(const std::optional<element> found, find(root, "address"));
    if (!found) return std::optional<Address>{};
    std::string_view digits;
    if (found->get(digits) != simdjson::SUCCESS) return malformed("\"address\" has another type");
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    Address out;
    if (!decode_hex(digits, out.bytes)) return malformed("\"address\" is not 40 hex digits");
    return std::optional<Address>{out};
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
    }
    return true;
}

Result<std::string> read_id(const object& root) {
    PLIMSOLL_TRY(const std::optional<element> found, find(root, "id"));
    if (!found) return std::string{};
    std::string_view text;
    if (found->get(text) != simdjson::SUCCESS || !is_uuid(text)) return malformed("\"id\" is not a UUID");
    return std::string{text};
}

Result<Keystore> read_keystore(const object& root) {
    PLIMSOLL_TRY(const std::uint64_t version, need<std::uint64_t>(root, "version"));
    if (version != 3) return malformed("\"version\" is not 3");
    PLIMSOLL_TRY(const object crypto, need<object>(root, "crypto", "Crypto"));
    PLIMSOLL_CHECK(need_text(crypto, "cipher", "aes-128-ctr"));
    PLIMSOLL_TRY(const object cipher, need<object>(crypto, "cipherparams"));
    Keystore out;
    PLIMSOLL_CHECK(need_hex(cipher, "iv", out.iv));
    PLIMSOLL_CHECK(need_hex(crypto, "ciphertext", out.ciphertext));
    PLIMSOLL_CHECK(need_hex(crypto, "mac", out.mac.bytes));
    PLIMSOLL_TRY(out.derivation, read_derivation(crypto));
    PLIMSOLL_TRY(out.address, read_address(root));
    PLIMSOLL_TRY(out.id, read_id(root));
    return out;
}

std::string digits(BytesView bytes) {
    return '"' + to_hex(bytes).substr(2) + '"';
}

std::string derivation_json(const KeyDerivation& how) {
    const std::string tail = R"(,"salt":)" + digits(how.salt) + "}";
    if (const auto* const pbkdf2 = std::get_if<Pbkdf2Cost>(&how.cost)) {
        return R"("kdf":"pbkdf2","kdfparams":{"dklen":32,"c":)" + std::to_string(pbkdf2->c) +
               R"(,"prf":"hmac-sha256")" + tail;
    }
    const ScryptCost& cost = std::get<ScryptCost>(how.cost);
    return R"("kdf":"scrypt","kdfparams":{"dklen":32,"n":)" + std::to_string(cost.n) + R"(,"r":)" +
           std::to_string(cost.r) + R"(,"p":)" + std::to_string(cost.p) + tail;
}

}  // namespace

Result<Keystore> parse_keystore(std::string_view json) {
    if (json.size() > kMaxKeystoreSize) return malformed("more than 64 KiB");
    simdjson::dom::parser parser;
    if (parser.allocate(json.size() + 1, kMaxNesting) != simdjson::SUCCESS) return malformed("no memory");
    object root;
    const auto failed = parser.parse(json.data(), json.size()).get(root);
    if (failed == simdjson::INCORRECT_TYPE) return malformed("no JSON object");
    if (failed == simdjson::DEPTH_ERROR) return malformed("nested deeper than 8");
    if (failed != simdjson::SUCCESS) return malformed("no JSON document");
    return read_keystore(root);
}

std::string to_json(const Keystore& keystore) {
    std::string out = "{";
    if (keystore.address) out += R"("address":)" + digits(keystore.address->bytes) + ',';
    out += R"("crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":)" + digits(keystore.iv) +
           R"(},"ciphertext":)" + digits(keystore.ciphertext) + ',' + derivation_json(keystore.derivation) +
           R"(,"mac":)" + digits(keystore.mac.bytes) + "},";
    if (!keystore.id.empty()) out += R"("id":")" + keystore.id + "\",";
    return out + "\"version\":3}\n";
}

}  // namespace plimsoll::signer
