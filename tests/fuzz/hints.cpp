// SPDX-License-Identifier: Apache-2.0
// What a node's words say about waiting and about asking for less. Input: which of them, then the words; a
// zero byte parts them in two.
#include "chain/rpc/log_range_hint.hpp"
#include "chain/rpc/retry_hint.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace plimsoll::fuzz {
namespace {

void check_wait(std::optional<std::chrono::milliseconds> wait) {
    if (!wait) return;
    require(wait->count() >= 0, "nobody waits backwards");
    require(*wait <= std::chrono::hours{24}, "nobody waits for more than a day");
}

void fuzz_range(std::uint8_t size, std::string_view words) {
    const BlockNumber from{17};
    const BlockNumber to{17 + (std::uint64_t{1} << (size % 40U))};
    const auto hint = rpc::parse_log_range_hint(words, from, to);
    if (!hint) return;
    require(hint->blocks >= 1, "a hint leaves something to ask for");
    require(hint->blocks < to.value - from.value + 1, "a hint is to ask for less");
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const std::uint8_t kind = input.byte();
    const std::uint8_t size = input.byte();
    const BytesView rest = input.rest();
    const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
    const std::size_t cut = std::min(text.find('\0'), text.size());
    switch (kind % 4) {
        case 0:
            return check_wait(rpc::retry_hint::in_message(text));
        case 1:
            return check_wait(rpc::retry_hint::in_seconds(text));
        case 2:
            return check_wait(
                rpc::retry_hint::in_header(text.substr(0, cut), text.substr(std::min(cut + 1, text.size()))));
        default:
            return fuzz_range(size, text);
    }
}

}  // namespace plimsoll::fuzz
