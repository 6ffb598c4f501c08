// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// The ways to read hex digits, for decode_hex and for readers that know beforehand where digits stand. All
/// of them look at every character, and tell the same.
namespace plimsoll::hex_kernels {

/// As decode_hex, with what every processor of the target has.
[[nodiscard]] bool decode_plainly(std::string_view digits, std::span<std::uint8_t> out) noexcept;

/// Whether this processor has AVX2; asked once.
[[nodiscard]] bool has_avx2() noexcept;

#if defined(__x86_64__)

#define PLIMSOLL_HEX_AVX2 __attribute__((target("avx2")))

/// As decode_hex, where has_avx2().
[[nodiscard]] PLIMSOLL_HEX_AVX2 bool decode_with_avx2(std::string_view digits,
                                                      std::span<std::uint8_t> out) noexcept;

/// The values of 32 characters as hex digits; one that is no digit sets a bit above the low four, there and
/// in `wrong`.
PLIMSOLL_HEX_AVX2 inline __m256i digit_values(__m256i text, __m256i& wrong) noexcept {
    // '0' to '9' come to the top of a byte, where six less is as good as cut off for whatever lies lower.
    const __m256i top = _mm256_add_epi8(text, _mm256_set1_epi8(static_cast<char>(0xFF - '9')));
    const __m256i cut = _mm256_subs_epu8(top, _mm256_set1_epi8(6));
    const __m256i number = _mm256_sub_epi8(cut, _mm256_set1_epi8(static_cast<char>(0xF0)));
    // 'a' to 'f' and 'A' to 'F' come to 10 to 15, everything else above.
    const __m256i upper = _mm256_and_si256(text, _mm256_set1_epi8(static_cast<char>(0xDF)));
    const __m256i letter =
        _mm256_adds_epu8(_mm256_sub_epi8(upper, _mm256_set1_epi8('A')), _mm256_set1_epi8(10));
    const __m256i value = _mm256_min_epu8(number, letter);
    wrong = _mm256_or_si256(wrong, value);
    return value;
}

/// Two digits make a byte; of each pair the first, which lies lower, is the higher half. Sixteen-bit lanes.
PLIMSOLL_HEX_AVX2 inline __m256i digit_pairs(__m256i text, __m256i& wrong) noexcept {
    return _mm256_maddubs_epi16(digit_values(text, wrong), _mm256_set1_epi16(0x0110));
}

[[nodiscard]] PLIMSOLL_HEX_AVX2 inline __m256i load_digits(const char* digits) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(digits));
}

/// 64 digits into 32 bytes.
PLIMSOLL_HEX_AVX2 inline void read_word(const char* digits, std::uint8_t* out, __m256i& wrong) noexcept {
    const __m256i first = digit_pairs(load_digits(digits), wrong);
    const __m256i second = digit_pairs(load_digits(digits + 32), wrong);
    // The pack works in halves of a register: the quarters come as 0, 2, 1, 3.
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(first, second), 0xD8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
}

/// 32 digits into 16 bytes.
PLIMSOLL_HEX_AVX2 inline void read_half(const char* digits, std::uint8_t* out, __m256i& wrong) noexcept {
    const __m256i pairs = digit_pairs(load_digits(digits), wrong);
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0xD8);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(bytes));
}

/// 40 digits into 20 bytes, those in the middle twice.
PLIMSOLL_HEX_AVX2 inline void read_address(const char* digits, std::uint8_t* out, __m256i& wrong) noexcept {
    read_half(digits, out, wrong);
    read_half(digits + 8, out + 4, wrong);
}

/// Whether nothing was wrong; `wrong` began as zero.
PLIMSOLL_HEX_AVX2 inline bool all_digits(__m256i wrong) noexcept {
    return _mm256_testz_si256(wrong, _mm256_set1_epi8(static_cast<char>(0xF0))) != 0;
}

#endif

}  // namespace plimsoll::hex_kernels
