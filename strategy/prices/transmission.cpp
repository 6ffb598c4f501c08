// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/transmission.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/selector.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

using codec::AbiReader;
using codec::Selector;

constexpr Selector kTransmit1 = codec::selector("transmit(bytes,bytes32[],bytes32[],bytes32)");
constexpr Selector kTransmit2 = codec::selector("transmit(bytes32[3],bytes,bytes32[],bytes32[],bytes32)");
constexpr Selector kForward = codec::selector("forward(address,bytes)");
constexpr std::size_t kMostObservations = 31;  // maxNumOracles
constexpr std::size_t kWordBytes = 32;
constexpr std::size_t kBytes192 = 24;

/// Words of a report before the observations: OCR1 has context, observers and an offset; OCR2 has time,
/// observers, an offset and the price of LINK.
constexpr std::size_t kHeadWords1 = 3;
constexpr std::size_t kHeadWords2 = 4;
constexpr std::size_t kOffsetPlace = 2;

bool has_selector(BytesView input, const Selector& selector) {
    return input.size() >= selector.size() && std::equal(selector.begin(), selector.end(), input.begin());
}

/// An int192, as a number that keeps the order when compared as words.
struct Observation {
    bool negative{};
    U256 magnitude;
    [[nodiscard]] bool above(const Observation& other) const {
        if (negative != other.negative) return other.negative;
        return negative ? magnitude < other.magnitude : magnitude > other.magnitude;
    }
};

std::optional<Observation> next_observation(AbiReader& in) {
    Observation out;
    out.magnitude = in.signed_word(out.negative);
    constexpr unsigned kValueBits = 8 * kBytes192 - 1;  // one is the sign
    if (!in.ok() || out.magnitude.bit_width() > kValueBits) return std::nullopt;
    return out;
}

/// The report must be exactly the words it says: the contracts decode it by hand or compare its length.
std::optional<Answer> median_of(BytesView report, std::size_t head_words) {
    AbiReader head{report};
    head.skip(kOffsetPlace);
    const std::uint64_t offset = head.u64();
    if (!head.ok() || offset != head_words * kWordBytes) return std::nullopt;
    AbiReader in{report};
    in.skip(head_words);
    const std::uint64_t count = in.u64();
    if (!in.ok() || count == 0 || count > kMostObservations) return std::nullopt;
    if (report.size() != (head_words + 1 + count) * kWordBytes) return std::nullopt;
    std::optional<Observation> previous;
    std::optional<Observation> median;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto observation = next_observation(in);
        if (!observation || (previous && previous->above(*observation))) return std::nullopt;
        if (i == count / 2) median = observation;
        previous = observation;
    }
    return median->negative ? Answer{} : Answer{median->magnitude};
}

std::optional<Transmission> decode_call(const Address& to, BytesView input) {
    const bool first = has_selector(input, kTransmit1);
    if (!first && !has_selector(input, kTransmit2)) return std::nullopt;
    AbiReader in{input.subspan(kTransmit1.size())};
    if (!first) in.skip(3);  // reportContext
    const BytesView report = in.bytes();
    if (!in.ok()) return std::nullopt;
    const auto answer = median_of(report, first ? kHeadWords1 : kHeadWords2);
    if (!answer) return std::nullopt;
    return Transmission{to, *answer};
}

}  // namespace

std::optional<Transmission> decode_transmission(const PendingTransaction& transaction) {
    const BytesView input{transaction.input};
    if (!has_selector(input, kForward)) return decode_call(transaction.to, input);
    AbiReader in{input.subspan(kForward.size())};
    const Address to = in.address();
    const BytesView inner = in.bytes();
    if (!in.ok()) return std::nullopt;
    return decode_call(to, inner);
}

}  // namespace plimsoll::strategy
