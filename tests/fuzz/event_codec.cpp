// SPDX-License-Identifier: Apache-2.0
// Recorded events and logs: the decoders are strict inverses of the encoders. Input: which of them, then the
// bytes.
#include "chain/codec/event_codec.hpp"

#include "tests/fuzz/input.hpp"

#include <algorithm>

namespace plimsoll::fuzz {
namespace {

bool equal(BytesView a, BytesView b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const bool events = input.byte() % 2 == 0;
    const BytesView bytes = input.rest();
    if (events) {
        const auto event = codec::decode_event(bytes);
        if (event) require(equal(codec::encode_event(*event), bytes), "an event has one encoding");
        return;
    }
    const auto logs = codec::decode_logs(bytes);
    if (logs) require(equal(codec::encode_logs(*logs), bytes), "logs have one encoding");
}

}  // namespace plimsoll::fuzz
