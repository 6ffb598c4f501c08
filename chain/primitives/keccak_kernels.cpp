// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/keccak_kernels.hpp"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace plimsoll::keccak_kernels {

namespace {

using keccak_detail::kRate;
using keccak_detail::kRateLanes;
using keccak_detail::kRoundConstants;

inline void absorb_blocks(State& state, Blocks input, std::size_t blocks) noexcept {
    for (; blocks != 0; --blocks, input += kRate) {
        for (std::size_t lane = 0; lane < kRateLanes; ++lane)
            state[lane] ^= keccak_detail::load_lane(input + lane * 8);
        keccak_detail::permute(state);
    }
}

void absorb_plainly(State& state, Blocks input, std::size_t blocks) noexcept {
    absorb_blocks(state, input, blocks);
}

void absorb_two_plainly(State& first, Blocks of_first, State& second, Blocks of_second,
                        std::size_t blocks) noexcept {
    absorb_blocks(first, of_first, blocks);
    absorb_blocks(second, of_second, blocks);
}

#if defined(__x86_64__)

// Flattened, because only what is compiled into such a function is compiled for that processor.
#define PLIMSOLL_KECCAK_BMI __attribute__((target("bmi,bmi2"), flatten))
#define PLIMSOLL_KECCAK_AVX512 __attribute__((target("avx512f,avx512vl")))

/// The same C++: chi's and-not is one instruction, and a rotation needs no copy.
PLIMSOLL_KECCAK_BMI void absorb_with_bmi(State& state, Blocks input, std::size_t blocks) noexcept {
    absorb_blocks(state, input, blocks);
}

PLIMSOLL_KECCAK_BMI void absorb_two_with_bmi(State& first, Blocks of_first, State& second, Blocks of_second,
                                             std::size_t blocks) noexcept {
    absorb_blocks(first, of_first, blocks);
    absorb_blocks(second, of_second, blocks);
}

/// A lane of each of two states.
using Pair = __m128i;

struct PairRow {
    Pair lanes[5];
};

PLIMSOLL_KECCAK_AVX512 inline Pair pair_of(const void* first, const void* second) {
    const __m128i low = _mm_loadl_epi64(static_cast<const __m128i*>(first));
    const __m128i high = _mm_loadl_epi64(static_cast<const __m128i*>(second));
    return _mm_unpacklo_epi64(low, high);
}

PLIMSOLL_KECCAK_AVX512 inline Pair parity(Pair a, Pair b, Pair c) {
    constexpr int kOdd = 0x96;
    return _mm_ternarylogic_epi64(a, b, c, kOdd);
}

PLIMSOLL_KECCAK_AVX512 inline Pair parity(const Pair* a) {
    return parity(parity(a[0], a[5], a[10]), a[15], a[20]);
}

template <int Bits>
PLIMSOLL_KECCAK_AVX512 inline Pair turned(Pair a, Pair b) {
    return _mm_rol_epi64(_mm_xor_si128(a, b), Bits);
}

/// The chi step of one row.
PLIMSOLL_KECCAK_AVX512 inline void store_row_of_pairs(Pair* out, const PairRow& row) {
    constexpr int kChi = 0xD2;  // a ^ (~b & c)
    const Pair* const b = row.lanes;
    out[0] = _mm_ternarylogic_epi64(b[0], b[1], b[2], kChi);
    out[1] = _mm_ternarylogic_epi64(b[1], b[2], b[3], kChi);
    out[2] = _mm_ternarylogic_epi64(b[2], b[3], b[4], kChi);
    out[3] = _mm_ternarylogic_epi64(b[3], b[4], b[0], kChi);
    out[4] = _mm_ternarylogic_epi64(b[4], b[0], b[1], kChi);
}

/// keccak_detail::round of two states.
PLIMSOLL_KECCAK_AVX512 inline void round_of_pairs(const Pair* a, Pair* out, std::uint64_t constant) {
    const Pair c0 = parity(a);
    const Pair c1 = parity(a + 1);
    const Pair c2 = parity(a + 2);
    const Pair c3 = parity(a + 3);
    const Pair c4 = parity(a + 4);
    const Pair d0 = _mm_xor_si128(c4, _mm_rol_epi64(c1, 1));
    const Pair d1 = _mm_xor_si128(c0, _mm_rol_epi64(c2, 1));
    const Pair d2 = _mm_xor_si128(c1, _mm_rol_epi64(c3, 1));
    const Pair d3 = _mm_xor_si128(c2, _mm_rol_epi64(c4, 1));
    const Pair d4 = _mm_xor_si128(c3, _mm_rol_epi64(c0, 1));
    store_row_of_pairs(out, {{_mm_xor_si128(a[0], d0), turned<44>(a[6], d1), turned<43>(a[12], d2),
                              turned<21>(a[18], d3), turned<14>(a[24], d4)}});
    out[0] = _mm_xor_si128(out[0], _mm_set1_epi64x(static_cast<long long>(constant)));
    store_row_of_pairs(out + 5, {{turned<28>(a[3], d3), turned<20>(a[9], d4), turned<3>(a[10], d0),
                                  turned<45>(a[16], d1), turned<61>(a[22], d2)}});
    store_row_of_pairs(out + 10, {{turned<1>(a[1], d1), turned<6>(a[7], d2), turned<25>(a[13], d3),
                                   turned<8>(a[19], d4), turned<18>(a[20], d0)}});
    store_row_of_pairs(out + 15, {{turned<27>(a[4], d4), turned<36>(a[5], d0), turned<10>(a[11], d1),
                                   turned<15>(a[17], d2), turned<56>(a[23], d3)}});
    store_row_of_pairs(out + 20, {{turned<62>(a[2], d2), turned<55>(a[8], d3), turned<39>(a[14], d4),
                                   turned<41>(a[15], d0), turned<2>(a[21], d1)}});
}

/// Two states take no longer than one: 32 registers hold the lanes of both.
PLIMSOLL_KECCAK_AVX512 __attribute__((flatten)) void absorb_two_with_avx512(State& first, Blocks of_first,
                                                                            State& second, Blocks of_second,
                                                                            std::size_t blocks) noexcept {
    Pair lanes[25];
    Pair other[25];
    for (std::size_t i = 0; i < 25; ++i)
        lanes[i] = pair_of(&first[i], &second[i]);
    for (; blocks != 0; --blocks, of_first += kRate, of_second += kRate) {
        for (std::size_t i = 0; i < kRateLanes; ++i)
            lanes[i] = _mm_xor_si128(lanes[i], pair_of(of_first + i * 8, of_second + i * 8));
        for (std::size_t i = 0; i < kRoundConstants.size(); i += 2) {
            round_of_pairs(lanes, other, kRoundConstants[i]);
            round_of_pairs(other, lanes, kRoundConstants[i + 1]);
        }
    }
    for (std::size_t i = 0; i < 25; ++i) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(&first[i]), lanes[i]);
        _mm_storel_epi64(reinterpret_cast<__m128i*>(&second[i]), _mm_unpackhi_epi64(lanes[i], lanes[i]));
    }
}

#endif

struct Runnable {
    Runnable() noexcept {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
            if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
                kernels[count++] = {"avx512", absorb_with_bmi, absorb_two_with_avx512};
            kernels[count++] = {"bmi", absorb_with_bmi, absorb_two_with_bmi};
        }
#endif
        kernels[count++] = {"plain", absorb_plainly, absorb_two_plainly};
    }
    std::array<Kernel, 3> kernels;
    std::size_t count = 0;
};

}  // namespace

std::span<const Kernel> runnable() noexcept {
    static const Runnable found;
    return {found.kernels.data(), found.count};
}

}  // namespace plimsoll::keccak_kernels
