// SPDX-License-Identifier: Apache-2.0
#include "strategy/snapshot/checksum.hpp"

#include <array>
#include <cstddef>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace plimsoll::strategy {

namespace {

constexpr std::uint64_t kPolynomial = 0xC96C5795D7870F42;  // ECMA-182, reflected
constexpr std::size_t kSlices = 8;                         // bytes taken at a time
using Tables = std::array<std::array<std::uint64_t, 256>, kSlices>;

constexpr Tables make_tables() {
    Tables out{};
    for (std::uint64_t byte = 0; byte < 256; ++byte) {
        std::uint64_t value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1U) != 0 ? (value >> 1U) ^ kPolynomial : value >> 1U;
        out[0][byte] = value;
    }
    for (std::size_t slice = 1; slice < kSlices; ++slice) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint64_t before = out[slice - 1][byte];
            out[slice][byte] = out[0][before & 0xFFU] ^ (before >> 8U);
        }
    }
    return out;
}

constexpr Tables kTables = make_tables();

/// Goes on from `sum`, which is what is left of everything before.
std::uint64_t by_tables(std::uint64_t sum, BytesView data) noexcept {
    std::size_t at = 0;
    for (; at + kSlices <= data.size(); at += kSlices) {
        for (unsigned i = 0; i < kSlices; ++i)
            sum ^= std::uint64_t{data[at + i]} << (8U * i);
        std::uint64_t next = 0;
        for (unsigned i = 0; i < kSlices; ++i)
            next ^= kTables[kSlices - 1 - i][(sum >> (8U * i)) & 0xFFU];
        sum = next;
    }
    for (; at < data.size(); ++at)
        sum = kTables[0][(sum ^ data[at]) & 0xFFU] ^ (sum >> 8U);
    return sum;
}

#if defined(__x86_64__)

#define PLIMSOLL_PCLMUL __attribute__((target("pclmul,sse4.1")))

constexpr std::size_t kLane = 16;   // bytes of a register
constexpr std::size_t kFolded = 4;  // registers at a time, so that no multiplication waits for another
constexpr std::uint64_t kOne = 1ULL << 63U;  // reflected: the highest bit is the lowest power

constexpr std::uint64_t power_of_x(unsigned exponent) {
    std::uint64_t out = kOne;
    for (; exponent != 0; --exponent)
        out = (out & 1U) != 0 ? (out >> 1U) ^ kPolynomial : out >> 1U;
    return out;
}

/// What moves a register by so many bits: its lower half (the higher powers) and its upper one. Reflected
/// factors give a product times x.
struct Fold {
    std::uint64_t lower;
    std::uint64_t upper;
};
constexpr Fold fold_by(unsigned bits) {
    return {power_of_x(bits + 64 - 1), power_of_x(bits - 1)};
}
constexpr Fold kByOne = fold_by(8 * kLane);
constexpr Fold kByAll = fold_by(8 * kLane * kFolded);

PLIMSOLL_PCLMUL inline __m128i loaded(const std::uint8_t* bytes) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

PLIMSOLL_PCLMUL inline __m128i factors(const Fold& fold) noexcept {
    return _mm_set_epi64x(static_cast<long long>(fold.upper), static_cast<long long>(fold.lower));
}

PLIMSOLL_PCLMUL inline __m128i folded(__m128i value, __m128i by, __m128i onto) noexcept {
    const __m128i lower = _mm_clmulepi64_si128(value, by, 0x00);
    const __m128i upper = _mm_clmulepi64_si128(value, by, 0x11);
    return _mm_xor_si128(_mm_xor_si128(lower, upper), onto);
}

/// The same by multiplying without carries: 64 bytes become 16 that leave the same rest.
PLIMSOLL_PCLMUL std::uint64_t by_folding(std::uint64_t sum, BytesView data) noexcept {
    constexpr std::size_t kStep = kLane * kFolded;
    if (data.size() < kStep) return by_tables(sum, data);
    const __m128i by_all = factors(kByAll);
    const __m128i by_one = factors(kByOne);
    __m128i held[kFolded];
    for (std::size_t i = 0; i < kFolded; ++i)
        held[i] = loaded(data.data() + i * kLane);
    held[0] = _mm_xor_si128(held[0], _mm_set_epi64x(0, static_cast<long long>(sum)));
    std::size_t at = kStep;
    for (; at + kStep <= data.size(); at += kStep) {
        for (std::size_t i = 0; i < kFolded; ++i)
            held[i] = folded(held[i], by_all, loaded(data.data() + at + i * kLane));
    }
    __m128i all = held[0];
    for (std::size_t i = 1; i < kFolded; ++i)
        all = folded(all, by_one, held[i]);
    std::array<std::uint8_t, kLane> left;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(left.data()), all);
    return by_tables(by_tables(0, left), data.subspan(at));
}

#endif

}  // namespace

std::uint64_t checksum(BytesView data) noexcept {
    constexpr std::uint64_t kFirst = ~std::uint64_t{0};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("pclmul")) return ~by_folding(kFirst, data);
#endif
    return ~by_tables(kFirst, data);
}

}  // namespace plimsoll::strategy
