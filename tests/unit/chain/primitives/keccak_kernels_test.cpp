// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/keccak_kernels.hpp"

#include "chain/primitives/keccak_beside.hpp"
#include "tests/unit/chain/primitives/keccak_answers.hpp"

#include <gtest/gtest.h>

#include <random>

namespace plimsoll::testing {
namespace {

using keccak_detail::kRate;
using keccak_detail::State;
using keccak_kernels::Kernel;

Bytes random_bytes(std::size_t size, std::mt19937_64& chance) {
    Bytes out(size);
    for (std::uint8_t& byte : out)
        byte = static_cast<std::uint8_t>(chance());
    return out;
}

Bytes padded(Bytes message) {
    const std::size_t size = (message.size() / kRate + 1) * kRate;
    message.push_back(0x01);
    message.resize(size);
    message.back() |= 0x80;
    return message;
}

/// The portable code, which the compiler runs too.
Hash32 portable(BytesView message) {
    return keccak_detail::hash(message.data(), message.size());
}

TEST(KeccakKernels, TheLastOneIsPlainAndNoneIsThereTwice) {
    ASSERT_FALSE(keccak_kernels::runnable().empty());
    EXPECT_EQ(keccak_kernels::runnable().back().name, "plain");
    for (const Kernel& one : keccak_kernels::runnable()) {
        for (const Kernel& other : keccak_kernels::runnable())
            EXPECT_EQ(one.name == other.name, &one == &other);
    }
}

TEST(KeccakKernels, EachGivesTheKeccakTeamsKnownAnswers) {
    const std::vector<KnownKeccak> cases = known_keccak_answers();
    ASSERT_EQ(cases.size(), 256U);
    for (const Kernel& kernel : keccak_kernels::runnable()) {
        for (const KnownKeccak& known : cases) {
            const Bytes message = padded(known.message);
            State state{};
            kernel.absorb(state, message.data(), message.size() / kRate);
            const Hash32 digest = keccak_detail::squeezed(state);
            EXPECT_EQ(Bytes(digest.bytes.begin(), digest.bytes.end()), known.digest) << kernel.name;
        }
    }
}

TEST(KeccakKernels, EachTakesTwoOfTheTeamsMessagesSideBySide) {
    const std::vector<KnownKeccak> cases = known_keccak_answers();
    for (const Kernel& kernel : keccak_kernels::runnable()) {
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const KnownKeccak& other = cases[cases.size() - 1 - i];
            const Bytes left = padded(cases[i].message);
            const Bytes right = padded(other.message);
            if (left.size() != right.size()) continue;
            State first{};
            State second{};
            kernel.absorb_two(first, left.data(), second, right.data(), left.size() / kRate);
            const Hash32 of_first = keccak_detail::squeezed(first);
            const Hash32 of_second = keccak_detail::squeezed(second);
            EXPECT_EQ(Bytes(of_first.bytes.begin(), of_first.bytes.end()), cases[i].digest) << kernel.name;
            EXPECT_EQ(Bytes(of_second.bytes.begin(), of_second.bytes.end()), other.digest) << kernel.name;
        }
    }
}

TEST(KeccakKernels, AllLeaveTheStateOfThePortableOne) {
    std::mt19937_64 chance{7};
    const Kernel& plain = keccak_kernels::runnable().back();
    for (std::size_t blocks = 0; blocks <= 12; ++blocks) {
        const Bytes left = random_bytes(blocks * kRate + 1, chance);
        const Bytes right = random_bytes(blocks * kRate + 1, chance);
        State first{};
        State second{};
        for (std::size_t i = 0; i < first.size(); ++i) {
            first[i] = chance();
            second[i] = chance();
        }
        State first_wanted = first;
        State second_wanted = second;
        plain.absorb(first_wanted, left.data() + 1, blocks);
        plain.absorb(second_wanted, right.data() + 1, blocks);
        for (const Kernel& kernel : keccak_kernels::runnable()) {
            State alone = first;
            kernel.absorb(alone, left.data() + 1, blocks);
            EXPECT_EQ(alone, first_wanted) << kernel.name << ' ' << blocks;
            State one = first;
            State other = second;
            kernel.absorb_two(one, left.data() + 1, other, right.data() + 1, blocks);
            EXPECT_EQ(one, first_wanted) << kernel.name << ' ' << blocks;
            EXPECT_EQ(other, second_wanted) << kernel.name << ' ' << blocks;
        }
    }
}

TEST(KeccakKernels, TheOneInUseGivesThePortableHashAtEveryLength) {
    std::mt19937_64 chance{8};
    const Bytes text = random_bytes(600, chance);
    for (std::size_t size = 0; size <= text.size(); ++size)
        EXPECT_EQ(keccak256(BytesView{text}.first(size)), portable(BytesView{text}.first(size))) << size;
}

TEST(KeccakBeside, HashesTheOneAndGoesOnWithTheOtherAtEveryLength) {
    std::mt19937_64 chance{9};
    const Bytes message = random_bytes(600, chance);
    const Bytes other = random_bytes(1000, chance);
    for (std::size_t size = 0; size <= message.size(); ++size) {
        const BytesView first = BytesView{message}.first(size);
        for (const std::size_t known : {size, size + 1, chance() % other.size()}) {
            const BytesView beginning = BytesView{other}.first(known);
            KeccakStart start;
            EXPECT_EQ(keccak256_beside(first, beginning, start), portable(first)) << size;
            EXPECT_EQ(start.blocks, std::min(known / kRate, size / kRate + 1)) << size << ' ' << known;
            for (const std::size_t end : {known, known + 67, other.size()}) {
                const BytesView whole = BytesView{other}.first(std::min(end, other.size()));
                EXPECT_EQ(keccak256_from(start, whole), portable(whole)) << size << ' ' << known;
            }
        }
    }
}

TEST(KeccakBeside, ANewStartHashesTheWholeMessage) {
    const Bytes message(300, 0x5A);
    EXPECT_EQ(keccak256_from(KeccakStart{}, message), portable(message));
}

}  // namespace
}  // namespace plimsoll::testing
