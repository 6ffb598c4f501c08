// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_kernels.hpp"

#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace plimsoll::strategy {
namespace {

/// What is added before the two sides are compared.
struct LineSlack {
    LineSlack(const LineGroups& groups, const LineTables& tables) noexcept {
        const auto holdings = static_cast<float>(groups.backing + groups.owed);
        maybe = holdings + tables.spare;
        surely = holdings * tables.surely_a_holding + tables.surely_spare;
    }
    float maybe;   // to what is owed
    float surely;  // to what backs it
};

void weigh_plainly(const LineGroups& groups, const LineTables& tables, LineMasks* out) {
    const std::size_t holdings = groups.backing + groups.owed;
    const LineSlack slack{groups, tables};
    for (std::size_t group = 0; group < groups.groups; ++group) {
        const float* amounts = groups.amounts + group * holdings * kLineLanes;
        const std::uint8_t* reserves = groups.reserves + group * holdings * kLineLanes;
        std::array<float, kLineLanes> backing{};
        std::array<float, kLineLanes> owed{};
        owed.fill(slack.maybe);
        for (std::size_t holding = 0; holding < holdings; ++holding) {
            const bool backs = holding < groups.backing;
            const auto& weights = backs ? tables.backing : tables.owed;
            auto& sum = backs ? backing : owed;
            for (std::size_t lane = 0; lane < kLineLanes; ++lane)
                sum[lane] += amounts[lane] * weights[reserves[lane]];
            amounts += kLineLanes;
            reserves += kLineLanes;
        }
        unsigned maybe = 0;
        unsigned surely = 0;
        for (std::size_t lane = 0; lane < kLineLanes; ++lane) {
            const float most = backing[lane] * tables.surely_factor + slack.surely;
            maybe |= backing[lane] < owed[lane] ? 1U << lane : 0U;
            surely |= most < owed[lane] ? 1U << lane : 0U;
        }
        out[group] = {static_cast<std::uint16_t>(maybe), static_cast<std::uint16_t>(surely)};
    }
}

#if defined(__x86_64__)

#define PLIMSOLL_AVX2 __attribute__((target("avx2,fma")))
#define PLIMSOLL_AVX512 __attribute__((target("avx512f")))

/// Of up to 32 weights those of eight lanes, without a gather, which takes three times as long where it is
/// done in microcode.
PLIMSOLL_AVX2 inline __m256 picked_of_few(const float* weights, __m256i places) {
    constexpr int kEight = 8;
    const __m256i by_eight = _mm256_slli_epi32(places, 28);    // into the sign, by which blends choose
    const __m256i by_sixteen = _mm256_slli_epi32(places, 27);  // likewise
    const __m256 first = _mm256_permutevar8x32_ps(_mm256_load_ps(weights), places);
    const __m256 second = _mm256_permutevar8x32_ps(_mm256_load_ps(weights + kEight), places);
    const __m256 third = _mm256_permutevar8x32_ps(_mm256_load_ps(weights + 2 * kEight), places);
    const __m256 fourth = _mm256_permutevar8x32_ps(_mm256_load_ps(weights + 3 * kEight), places);
    const __m256 chosen = _mm256_castsi256_ps(by_eight);
    const __m256 low = _mm256_blendv_ps(first, second, chosen);
    const __m256 high = _mm256_blendv_ps(third, fourth, chosen);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(by_sixteen));
}

/// The weights of eight lanes.
template <bool kFew>
PLIMSOLL_AVX2 inline __m256 looked_up(const float* weights, const std::uint8_t* reserves) {
    const __m128i narrow = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(reserves));
    const __m256i places = _mm256_cvtepu8_epi32(narrow);
    if constexpr (kFew) return picked_of_few(weights, places);
    return _mm256_i32gather_ps(weights, places, 4);
}

/// A bit for each of sixteen lanes in which the left is less.
PLIMSOLL_AVX2 inline std::uint16_t less(__m256 left_low, __m256 left_high, const __m256* right) {
    const int low = _mm256_movemask_ps(_mm256_cmp_ps(left_low, right[0], _CMP_LT_OQ));
    const int high = _mm256_movemask_ps(_mm256_cmp_ps(left_high, right[1], _CMP_LT_OQ));
    return static_cast<std::uint16_t>(low | high << 8);
}

template <bool kFew>
PLIMSOLL_AVX2 void weigh_256(const LineGroups& groups, const LineTables& tables, LineMasks* out) {
    const LineSlack slack{groups, tables};
    const __m256 maybe = _mm256_set1_ps(slack.maybe);
    const __m256 surely = _mm256_set1_ps(slack.surely);
    const __m256 factor = _mm256_set1_ps(tables.surely_factor);
    constexpr std::size_t kHalf = kLineLanes / 2;
    const float* amounts = groups.amounts;
    const std::uint8_t* reserves = groups.reserves;
    const float* const weights[] = {tables.backing.data(), tables.owed.data()};
    const unsigned counts[] = {groups.backing, groups.owed};
    for (std::size_t group = 0; group < groups.groups; ++group) {
        __m256 sums[2][2] = {{_mm256_setzero_ps(), _mm256_setzero_ps()}, {maybe, maybe}};
        for (unsigned side = 0; side < 2; ++side) {
            for (unsigned i = 0; i < counts[side]; ++i, amounts += kLineLanes, reserves += kLineLanes) {
                const __m256 low = looked_up<kFew>(weights[side], reserves);
                const __m256 high = looked_up<kFew>(weights[side], reserves + kHalf);
                sums[side][0] = _mm256_fmadd_ps(_mm256_load_ps(amounts), low, sums[side][0]);
                sums[side][1] = _mm256_fmadd_ps(_mm256_load_ps(amounts + kHalf), high, sums[side][1]);
            }
        }
        const __m256 most_low = _mm256_fmadd_ps(sums[0][0], factor, surely);
        const __m256 most_high = _mm256_fmadd_ps(sums[0][1], factor, surely);
        out[group] = {less(sums[0][0], sums[0][1], sums[1]), less(most_low, most_high, sums[1])};
    }
}

void weigh_with_avx2(const LineGroups& groups, const LineTables& tables, LineMasks* out) {
    constexpr std::size_t kFewReserves = 32;
    tables.reserves <= kFewReserves ? weigh_256<true>(groups, tables, out)
                                    : weigh_256<false>(groups, tables, out);
}

/// Sixteen of up to 32 x kPairs weights, which stay in as many pairs of registers.
template <std::size_t kPairs>
PLIMSOLL_AVX512 inline __m512 picked(const __m512* held, const std::uint8_t* reserves) {
    const __m128i narrow = _mm_loadu_si128(reinterpret_cast<const __m128i*>(reserves));
    // Masked where no mask is needed: GCC 12 takes the plain one for use of something uninitialised (105593).
    constexpr __mmask16 kAll = 0xFFFF;
    const __m512i places = _mm512_maskz_cvtepu8_epi32(kAll, narrow);
    __m512 out = _mm512_permutex2var_ps(held[0], places, held[1]);
    if constexpr (kPairs == 1) return out;
    const __mmask16 odd = _mm512_test_epi32_mask(places, _mm512_set1_epi32(32));
    out = _mm512_mask_blend_ps(odd, out, _mm512_permutex2var_ps(held[2], places, held[3]));
    if constexpr (kPairs == 2) return out;
    const __m512 low = _mm512_permutex2var_ps(held[4], places, held[5]);
    const __m512 upper = _mm512_mask_blend_ps(odd, low, _mm512_permutex2var_ps(held[6], places, held[7]));
    return _mm512_mask_blend_ps(_mm512_test_epi32_mask(places, _mm512_set1_epi32(64)), out, upper);
}

template <std::size_t kPairs>
PLIMSOLL_AVX512 void weigh_512(const LineGroups& groups, const LineTables& tables, LineMasks* out) {
    const float* amounts = groups.amounts;
    const std::uint8_t* reserves = groups.reserves;
    __m512 backing[8];
    __m512 owed[8];
    for (std::size_t i = 0; i < 2 * kPairs; ++i) {
        backing[i] = _mm512_load_ps(tables.backing.data() + i * kLineLanes);
        owed[i] = _mm512_load_ps(tables.owed.data() + i * kLineLanes);
    }
    const LineSlack slack{groups, tables};
    const __m512 maybe = _mm512_set1_ps(slack.maybe);
    const __m512 surely = _mm512_set1_ps(slack.surely);
    const __m512 factor = _mm512_set1_ps(tables.surely_factor);
    for (std::size_t group = 0; group < groups.groups; ++group) {
        __m512 backs = _mm512_setzero_ps();
        for (unsigned i = 0; i < groups.backing; ++i, amounts += kLineLanes, reserves += kLineLanes)
            backs = _mm512_fmadd_ps(_mm512_load_ps(amounts), picked<kPairs>(backing, reserves), backs);
        __m512 owes = maybe;
        for (unsigned i = 0; i < groups.owed; ++i, amounts += kLineLanes, reserves += kLineLanes)
            owes = _mm512_fmadd_ps(_mm512_load_ps(amounts), picked<kPairs>(owed, reserves), owes);
        const __m512 most = _mm512_fmadd_ps(backs, factor, surely);
        out[group] = {_mm512_cmp_ps_mask(backs, owes, _CMP_LT_OQ),
                      _mm512_cmp_ps_mask(most, owes, _CMP_LT_OQ)};
    }
}

void weigh_with_avx512(const LineGroups& groups, const LineTables& tables, LineMasks* out) {
    constexpr std::size_t kPair = 2 * kLineLanes;
    if (tables.reserves <= kPair) return weigh_512<1>(groups, tables, out);
    if (tables.reserves <= 2 * kPair) return weigh_512<2>(groups, tables, out);
    static_assert(kMaxReserves <= 4 * kPair);
    weigh_512<4>(groups, tables, out);
}

#endif

std::vector<LineKernel> runnable() {
    std::vector<LineKernel> out;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) out.push_back({"avx512", weigh_with_avx512});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        out.push_back({"avx2", weigh_with_avx2});
#endif
    out.push_back({"plain", weigh_plainly});
    return out;
}

}  // namespace

std::span<const LineKernel> line_kernels() {
    static const std::vector<LineKernel> kernels = runnable();
    return kernels;
}

}  // namespace plimsoll::strategy
