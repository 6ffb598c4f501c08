// SPDX-License-Identifier: Apache-2.0
// Calldata of a transaction that is not mined yet, as far as it may tell a price. Input: the calldata.
#include "strategy/prices/transmission.hpp"

#include "chain/codec/abi_writer.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

namespace plimsoll::fuzz {
namespace {

constexpr codec::Selector kForward = codec::selector("forward(address,bytes)");
constexpr unsigned kMostBits = 191;  // of a positive int192

Address address_of(std::uint8_t number) {
    Address out;
    out.bytes.back() = number;
    return out;
}

}  // namespace

void run(BytesView data) {
    PendingTransaction direct;
    direct.to = address_of(1);
    direct.input.assign(data.begin(), data.end());
    const auto told = strategy::decode_transmission(direct);
    if (told) require(told->answer.value.bit_width() <= kMostBits, "an answer is an int192");
    const bool forwarded = data.size() >= 4 && std::equal(kForward.begin(), kForward.end(), data.begin());
    if (forwarded) return;
    if (told) require(told->aggregator == direct.to, "what is not forwarded is for whom it is sent to");
    PendingTransaction wrapped;
    wrapped.to = address_of(2);
    wrapped.input = codec::AbiWriter{kForward}.address(direct.to).bytes(data).take();
    const auto again = strategy::decode_transmission(wrapped);
    require(told.has_value() == again.has_value(), "a forwarded call tells what it tells itself");
    if (told) {
        require(again->aggregator == direct.to, "a forwarded call is for whom it is forwarded to");
        require(again->answer.value == told->answer.value, "a forwarded call tells the same answer");
    }
}

}  // namespace plimsoll::fuzz
