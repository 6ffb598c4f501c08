// SPDX-License-Identifier: Apache-2.0
// The constexpr bodies of keccak.hpp; include that header, not this one.
#pragma once

#include "chain/primitives/keccak.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace plimsoll {

namespace keccak_detail {

/// Lane (x, y) of the sponge's 5 x 5 matrix stands at x + 5 y.
using State = std::array<std::uint64_t, 25>;

/// 1088 bits of each 1600-bit block are input, 512 are capacity.
inline constexpr std::size_t kRate = 136;
inline constexpr std::size_t kRateLanes = kRate / 8;

inline constexpr std::array<std::uint64_t, 24> kRoundConstants{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

using Row = std::array<std::uint64_t, 5>;

/// The chi step of one row.
template <std::size_t First>
constexpr void store_row(State& out, const Row& b) noexcept {
    out[First] = b[0] ^ (~b[1] & b[2]);
    out[First + 1] = b[1] ^ (~b[2] & b[3]);
    out[First + 2] = b[2] ^ (~b[3] & b[4]);
    out[First + 3] = b[3] ^ (~b[4] & b[0]);
    out[First + 4] = b[4] ^ (~b[0] & b[1]);
}

/// One round from `a` into `out`: theta, rho and pi happen while a row is gathered, so no lane is stored
/// twice.
constexpr void round(const State& a, State& out, std::uint64_t constant) noexcept {
    const Row c{a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20], a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21],
                a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22], a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23],
                a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24]};
    const Row d{c[4] ^ std::rotl(c[1], 1), c[0] ^ std::rotl(c[2], 1), c[1] ^ std::rotl(c[3], 1),
                c[2] ^ std::rotl(c[4], 1), c[3] ^ std::rotl(c[0], 1)};
    store_row<0>(out, {a[0] ^ d[0], std::rotl(a[6] ^ d[1], 44), std::rotl(a[12] ^ d[2], 43),
                       std::rotl(a[18] ^ d[3], 21), std::rotl(a[24] ^ d[4], 14)});
    out[0] ^= constant;
    store_row<5>(out, {std::rotl(a[3] ^ d[3], 28), std::rotl(a[9] ^ d[4], 20), std::rotl(a[10] ^ d[0], 3),
                       std::rotl(a[16] ^ d[1], 45), std::rotl(a[22] ^ d[2], 61)});
    store_row<10>(out, {std::rotl(a[1] ^ d[1], 1), std::rotl(a[7] ^ d[2], 6), std::rotl(a[13] ^ d[3], 25),
                        std::rotl(a[19] ^ d[4], 8), std::rotl(a[20] ^ d[0], 18)});
    store_row<15>(out, {std::rotl(a[4] ^ d[4], 27), std::rotl(a[5] ^ d[0], 36), std::rotl(a[11] ^ d[1], 10),
                        std::rotl(a[17] ^ d[2], 15), std::rotl(a[23] ^ d[3], 56)});
    store_row<20>(out, {std::rotl(a[2] ^ d[2], 62), std::rotl(a[8] ^ d[3], 55), std::rotl(a[14] ^ d[4], 39),
                        std::rotl(a[15] ^ d[0], 41), std::rotl(a[21] ^ d[1], 2)});
}

constexpr void permute(State& state) noexcept {
    State other{};
    for (std::size_t i = 0; i < kRoundConstants.size(); i += 2) {
        round(state, other, kRoundConstants[i]);
        round(other, state, kRoundConstants[i + 1]);
    }
}

template <class Byte>
constexpr std::uint64_t load_lane(const Byte* bytes) noexcept {
    if (!std::is_constant_evaluated() && std::endian::native == std::endian::little) {
        std::uint64_t lane = 0;
        std::memcpy(&lane, bytes, sizeof lane);
        return lane;
    }
    std::uint64_t lane = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        lane |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i])) << (8U * i);
    }
    return lane;
}

/// The last block: what is left of the input, the 0x01 padding and the closing bit.
template <class Byte>
constexpr void absorb_last(State& state, const Byte* data, std::size_t size) noexcept {
    std::size_t lane = 0;
    for (; (lane + 1) * 8 <= size; ++lane)
        state[lane] ^= load_lane(data + lane * 8);
    std::uint64_t rest = 0;
    for (std::size_t i = lane * 8; i < size; ++i) {
        rest |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(data[i])) << (8U * (i % 8));
    }
    rest |= std::uint64_t{1} << (8U * (size % 8));
    state[lane] ^= rest;
    state[kRateLanes - 1] ^= std::uint64_t{1} << 63U;
    permute(state);
}

constexpr Hash32 squeezed(const State& state) noexcept {
    Hash32 out;
    for (std::size_t i = 0; i < 32; ++i)
        out.bytes[i] = static_cast<std::uint8_t>(state[i / 8] >> (8U * (i % 8)));
    return out;
}

/// At compile time.
template <class Byte>
constexpr Hash32 hash(const Byte* data, std::size_t size) noexcept {
    State state{};
    while (size >= kRate) {
        for (std::size_t lane = 0; lane < kRateLanes; ++lane)
            state[lane] ^= load_lane(data + lane * 8);
        permute(state);
        data += kRate;
        size -= kRate;
    }
    absorb_last(state, data, size);
    return squeezed(state);
}

/// At run time, in the way that is quickest on this processor.
[[nodiscard]] Hash32 hash_now(BytesView data) noexcept;

}  // namespace keccak_detail

constexpr Hash32 keccak256(BytesView data) noexcept {
    if (std::is_constant_evaluated()) return keccak_detail::hash(data.data(), data.size());
    return keccak_detail::hash_now(data);
}

constexpr Hash32 keccak256(std::string_view text) noexcept {
    if (std::is_constant_evaluated()) return keccak_detail::hash(text.data(), text.size());
    return keccak_detail::hash_now({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace plimsoll
