// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hex.hpp"

#include "chain/primitives/hex_kernels.hpp"

#include <array>
#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace plimsoll {

namespace {

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

/// Without a table, so that the compiler does sixteen at a time.
constexpr char digit_of(unsigned value) noexcept {
    return static_cast<char>(value + (value > 9 ? 'a' - 10 : '0'));
}

#if defined(__SSE2__)
/// Two digits a byte, eight bytes at a time as long as there are as many; returns how many were written, and
/// clears `good` for a character that is no digit. Nearly all that a node says is hex.
std::size_t decode_in_eights(std::string_view digits, std::span<std::uint8_t> out, bool& good) noexcept {
    constexpr std::size_t kBytes = 8;
    constexpr int kAllGood = 0xFFFF;
    std::size_t done = 0;
    for (; done + kBytes <= out.size(); done += kBytes) {
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits.data() + 2 * done));
        const __m128i lower = _mm_or_si128(text, _mm_set1_epi8(0x20));
        const __m128i is_number = _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('0' - 1)),
                                                _mm_cmplt_epi8(text, _mm_set1_epi8('9' + 1)));
        const __m128i is_letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
                                                _mm_cmplt_epi8(lower, _mm_set1_epi8('f' + 1)));
        good = good && _mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) == kAllGood;
        // The low four bits of '0' to '9' are the value, those of 'a' to 'f' are nine less.
        const __m128i values = _mm_add_epi8(_mm_and_si128(text, _mm_set1_epi8(0x0F)),
                                            _mm_and_si128(is_letter, _mm_set1_epi8(9)));
        // In each pair of bytes the first, which lies lower, is the higher half.
        const __m128i pairs = _mm_or_si128(_mm_slli_epi16(values, 4), _mm_srli_epi16(values, 8));
        const __m128i bytes = _mm_and_si128(pairs, _mm_set1_epi16(0x00FF));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out.data() + done), _mm_packus_epi16(bytes, bytes));
    }
    return done;
}
#else
std::size_t decode_in_eights(std::string_view /*digits*/, std::span<std::uint8_t> /*out*/,
                             bool& /*good*/) noexcept {
    return 0;
}
#endif

}  // namespace

void append_hex(std::string& out, BytesView bytes) {
    const std::size_t start = out.size();
    out.resize(start + bytes.size() * 2);
    char* const to = out.data() + start;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        to[2 * i] = digit_of(bytes[i] >> 4U);
        to[2 * i + 1] = digit_of(bytes[i] & 0x0FU);
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
#if defined(__x86_64__)
    if (hex_kernels::has_avx2()) return hex_kernels::decode_with_avx2(digits, out);
#endif
    return hex_kernels::decode_plainly(digits, out);
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

namespace hex_kernels {

bool decode_plainly(std::string_view digits, std::span<std::uint8_t> out) noexcept {
    if (digits.size() != out.size() * 2) return false;
    bool good = true;
    // A bad digit sets bits above the low four; one test at the end keeps the loop free of branches.
    std::uint8_t seen = 0;
    for (std::size_t i = decode_in_eights(digits, out, good); i < out.size(); ++i) {
        const std::uint8_t high = digit_value(digits[2 * i]);
        const std::uint8_t low = digit_value(digits[2 * i + 1]);
        seen = static_cast<std::uint8_t>(seen | high | low);
        out[i] = static_cast<std::uint8_t>((high << 4U) | low);
    }
    return good && (seen & 0xF0U) == 0;
}

#if defined(__x86_64__)

bool has_avx2() noexcept {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

PLIMSOLL_HEX_AVX2 bool decode_with_avx2(std::string_view digits, std::span<std::uint8_t> out) noexcept {
    constexpr std::size_t kWord = 32;
    constexpr std::size_t kHalf = 16;
    const std::size_t size = out.size();
    if (size < kHalf || digits.size() != size * 2) return decode_plainly(digits, out);
    __m256i wrong = _mm256_setzero_si256();
    std::size_t done = 0;
    for (; done + kWord <= size; done += kWord)
        read_word(digits.data() + 2 * done, out.data() + done, wrong);
    if (size - done >= kHalf) {
        read_half(digits.data() + 2 * done, out.data() + done, wrong);
        done += kHalf;
    }
    // What is left is read together with bytes before it, which are written again with what they hold.
    if (done < size) read_half(digits.data() + 2 * (size - kHalf), out.data() + (size - kHalf), wrong);
    return all_digits(wrong);
}

#else

bool has_avx2() noexcept {
    return false;
}

#endif

}  // namespace hex_kernels

}  // namespace plimsoll
