// SPDX-License-Identifier: Apache-2.0
#include "strategy/snapshot/checksum.hpp"

#include <array>
#include <cstddef>

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

}  // namespace

std::uint64_t checksum(BytesView data) noexcept {
    std::uint64_t sum = ~std::uint64_t{0};
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
    return ~sum;
}

}  // namespace plimsoll::strategy
