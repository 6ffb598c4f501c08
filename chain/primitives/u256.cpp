// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/u256.hpp"

#include "chain/primitives/hex.hpp"

#include <algorithm>

namespace plimsoll {

namespace {

/// The largest power of ten in 64 bits: decimal text moves in chunks of nineteen digits.
constexpr std::uint64_t kChunk = 10'000'000'000'000'000'000ULL;
constexpr std::size_t kChunkDigits = 19;
constexpr std::size_t kMaxDecimalDigits = 78;

}  // namespace

Result<U256> parse_decimal(std::string_view text) {
    if (text.empty() || text.size() > kMaxDecimalDigits) {
        return fail(Errc::malformed_input, "a decimal number has 1 to 78 digits");
    }
    U256 out;
    for (const char c : text) {
        if (c < '0' || c > '9') return fail(Errc::malformed_input, "a decimal number holds only digits");
        const auto wide = u256_detail::full_product(out, U256{10});
        const U256 tenfold = u256_detail::low_half(wide);
        const U256 next = wrapping_add(tenfold, U256{static_cast<std::uint64_t>(c - '0')});
        if (wide[4] != 0 || next < tenfold) return fail(Errc::malformed_input, "a number above 2^256 - 1");
        out = next;
    }
    return out;
}

std::string to_decimal(const U256& value) {
    std::string out;  // built from the last digit to the first
    auto rest = u256_detail::widen(value);
    std::size_t used = u256_detail::used_limbs(rest);
    do {
        std::uint64_t chunk = u256_detail::divide_by_word(rest, used, kChunk);
        used = u256_detail::used_limbs(rest);
        for (std::size_t i = 0; i < kChunkDigits && (used != 0 || chunk != 0 || out.empty()); ++i) {
            out.push_back(static_cast<char>('0' + chunk % 10));
            chunk /= 10;
        }
    } while (used != 0);
    std::reverse(out.begin(), out.end());
    return out;
}

std::string to_quantity_hex(const U256& value) {
    const std::string padded = to_hex(value.to_be());
    const std::size_t first = padded.find_first_not_of('0', 2);
    if (first == std::string::npos) return "0x0";
    return "0x" + padded.substr(first);
}

Result<U256> parse_quantity_hex(std::string_view text) {
    if (!text.starts_with("0x")) return fail(Errc::malformed_input, "a quantity begins with 0x");
    const std::string_view digits = text.substr(2);
    if (digits.empty() || digits.size() > 64)
        return fail(Errc::malformed_input, "a quantity has 1 to 64 hex digits");
    if (digits.size() > 1 && digits.front() == '0')
        return fail(Errc::malformed_input, "a quantity with leading zeros");
    std::array<char, 64> padded{};
    padded.fill('0');
    std::copy(digits.begin(), digits.end(), padded.end() - static_cast<std::ptrdiff_t>(digits.size()));
    std::array<std::uint8_t, 32> bytes{};
    if (!decode_hex({padded.data(), padded.size()}, bytes)) {
        return fail(Errc::malformed_input, "a quantity with a character that is no hex digit");
    }
    return U256::from_be(bytes);
}

}  // namespace plimsoll
