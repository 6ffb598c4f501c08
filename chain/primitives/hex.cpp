// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hex.hpp"

#include <array>
#include <cstddef>

namespace plimsoll {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

/// The value of each character as a hex digit, or kNoDigit: one load a character instead of three
/// comparisons.
constexpr std::array<std::uint8_t, 256> make_digit_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::uint8_t i = 0; i < 10; ++i)
        values[static_cast<std::size_t>('0') + i] = i;
    for (std::uint8_t i = 0; i < 6; ++i) {
        values[static_cast<std::size_t>('a') + i] = static_cast<std::uint8_t>(10 + i);
        values[static_cast<std::size_t>('A') + i] = static_cast<std::uint8_t>(10 + i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> kDigitValues = make_digit_values();

std::uint8_t digit_value(char digit) noexcept {
    return kDigitValues[static_cast<unsigned char>(digit)];
}

}  // namespace

void append_hex(std::string& out, BytesView bytes) {
    const std::size_t start = out.size();
    out.resize(start + bytes.size() * 2);
    char* to = out.data() + start;
    for (const std::uint8_t byte : bytes) {
        *to++ = kDigits[byte >> 4U];
        *to++ = kDigits[byte & 0x0FU];
    }
}

std::string to_hex(BytesView bytes) {
    std::string out;
    out.reserve(2 + bytes.size() * 2);
    out = "0x";
    append_hex(out, bytes);
    return out;
}

bool decode_hex(std::string_view digits, std::span<std::uint8_t> out) noexcept {
    if (digits.size() != out.size() * 2) return false;
    // A bad digit sets bits above the low four; one test at the end keeps the loop free of branches.
    std::uint8_t seen = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::uint8_t high = digit_value(digits[2 * i]);
        const std::uint8_t low = digit_value(digits[2 * i + 1]);
        seen = static_cast<std::uint8_t>(seen | high | low);
        out[i] = static_cast<std::uint8_t>((high << 4U) | low);
    }
    return (seen & 0xF0U) == 0;
}

Result<Bytes> parse_hex(std::string_view text) {
    if (!text.starts_with("0x")) return fail(Errc::malformed_input, "hex text without 0x");
    const std::string_view digits = text.substr(2);
    if (digits.size() % 2 != 0) return fail(Errc::malformed_input, "hex text with an odd number of digits");
    Bytes out(digits.size() / 2);
    if (!decode_hex(digits, out))
        return fail(Errc::malformed_input, "hex text with a character that is no digit");
    return out;
}

}  // namespace plimsoll
