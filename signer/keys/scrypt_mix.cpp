// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/scrypt_mix.hpp"

#include <string.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

namespace plimsoll::signer {
namespace {

constexpr std::size_t kWords = 16;  // of a Salsa20 block
using Cell = std::array<std::uint32_t, kWords>;

void quarter(Cell& x, std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    x[b] ^= std::rotl(x[a] + x[d], 7);
    x[c] ^= std::rotl(x[b] + x[a], 9);
    x[d] ^= std::rotl(x[c] + x[b], 13);
    x[a] ^= std::rotl(x[d] + x[c], 18);
}

/// Salsa20/8 (RFC 7914, section 3).
void salsa20_8(Cell& cell) {
    Cell x = cell;
    for (int round = 0; round < 8; round += 2) {
        quarter(x, 0, 4, 8, 12);
        quarter(x, 5, 9, 13, 1);
        quarter(x, 10, 14, 2, 6);
        quarter(x, 15, 3, 7, 11);
        quarter(x, 0, 1, 2, 3);
        quarter(x, 5, 6, 7, 4);
        quarter(x, 10, 11, 8, 9);
        quarter(x, 15, 12, 13, 14);
    }
    for (std::size_t i = 0; i < kWords; ++i)
        cell[i] += x[i];
}

/// scryptBlockMix: even cells to the first half of `out`, odd ones to the second.
void block_mix(std::span<const std::uint32_t> in, std::span<std::uint32_t> out) {
    const std::size_t cells = in.size() / kWords;
    Cell x;
    std::copy_n(in.end() - kWords, kWords, x.begin());
    for (std::size_t i = 0; i < cells; ++i) {
        for (std::size_t j = 0; j < kWords; ++j)
            x[j] ^= in[i * kWords + j];
        salsa20_8(x);
        const std::size_t place = (i / 2 + (i % 2 == 0 ? 0 : cells / 2)) * kWords;
        std::copy_n(x.begin(), kWords, out.begin() + static_cast<std::ptrdiff_t>(place));
    }
}

}  // namespace

void scrypt_mix(std::span<std::uint8_t> block, std::uint64_t n, std::span<std::uint32_t> scratch) {
    static_assert(std::endian::native == std::endian::little, "words are copied as they stand");
    const std::size_t words = block.size() / sizeof(std::uint32_t);
    std::vector<std::uint32_t> x(words);
    std::vector<std::uint32_t> y(words);
    memcpy(x.data(), block.data(), block.size());
    const auto row = [&](std::uint64_t index) { return scratch.subspan(index * words, words); };
    for (std::uint64_t i = 0; i < n; ++i) {
        std::copy(x.begin(), x.end(), row(i).begin());
        block_mix(x, y);
        x.swap(y);
    }
    for (std::uint64_t i = 0; i < n; ++i) {
        // Integerify: the first 64 bits of the last cell; n is a power of two of at most 32 bits.
        const auto chosen = row(x[words - kWords] & (n - 1));
        for (std::size_t k = 0; k < words; ++k)
            x[k] ^= chosen[k];
        block_mix(x, y);
        x.swap(y);
    }
    memcpy(block.data(), x.data(), block.size());
    explicit_bzero(x.data(), block.size());
    explicit_bzero(y.data(), block.size());
}

}  // namespace plimsoll::signer
