// SPDX-License-Identifier: Apache-2.0
// The ABI reader. Input: 0 and a script (its length, then one step a byte) of what to read from the data that
// follows; 1 and the answer of a batch of calls; 2 and revert data.
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/revert.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace plimsoll::fuzz {
namespace {

using codec::AbiReader;

/// Steps of a script; make_corpus.mjs writes the same numbers.
enum class Step : std::uint8_t {
    u256,
    address,
    boolean,
    u64,
    u128,
    word,
    signed_word,
    bytes,
    text,
    array,
    tuple,
    end,
    skip
};
constexpr std::uint8_t kSteps = 13;

void check_view(const AbiReader& reader, BytesView view, BytesView whole) {
    require(lies_inside(view, whole), "bytes are a part of the data");
    if (!reader.ok()) require(view.empty(), "after a failure bytes are empty");
}

void read_scalar(AbiReader& reader, Step step, BytesView whole) {
    bool zero = true;
    switch (step) {
        case Step::u256:
            zero = reader.u256().is_zero();
            break;
        case Step::address:
            zero = reader.address().is_zero();
            break;
        case Step::boolean:
            zero = !reader.boolean();
            break;
        case Step::u64:
            zero = reader.u64() == 0;
            break;
        case Step::u128:
            zero = reader.u128_value() == 0;
            break;
        case Step::word:
            zero = reader.word() == Hash32{};
            break;
        case Step::signed_word: {
            bool negative = false;
            zero = reader.signed_word(negative).is_zero();
            break;
        }
        case Step::bytes:
            check_view(reader, reader.bytes(), whole);
            break;
        case Step::text:
            check_view(
                reader,
                [&reader] {
                    const std::string_view text = reader.text();
                    return BytesView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
                }(),
                whole);
            break;
        default:
            reader.skip(1);
            break;
    }
    if (!reader.ok()) require(zero, "after a failure every value is zero");
}

/// Runs steps until the script or the nested part ends.
void read_part(AbiReader& reader, Input& script, BytesView whole, unsigned depth) {
    while (!script.at_end()) {
        const auto step = static_cast<Step>(script.byte() % kSteps);
        if (step == Step::end) return;
        if (step != Step::array && step != Step::tuple) {
            read_scalar(reader, step, whole);
            continue;
        }
        if (depth == 0) return;
        AbiReader nested = reader.dynamic();
        if (step == Step::array) {
            const std::size_t count = nested.length();
            require(count <= whole.size() / 32, "an array has no more elements than the data has words");
        }
        read_part(nested, script, whole, depth - 1);
        reader.absorb(nested);
        if (!nested.ok()) require(!reader.ok(), "a failure inside is a failure outside");
    }
}

void fuzz_values(Input& input) {
    Input script{input.bytes(input.byte())};
    const BytesView data = input.rest();
    AbiReader reader{data};
    read_part(reader, script, data, 8);
    require(reader.finish("values").has_value() == reader.ok(), "a failed reader does not finish");
}

void fuzz_answers(BytesView data) {
    const auto results = codec::decode_aggregate3(data);
    if (!results) return;
    std::vector<Call> calls;
    for (const codec::CallResult& result : *results) {
        require(lies_inside(result.data, data), "a call's answer is a part of the batch's");
        calls.push_back({{}, Bytes(result.data.begin(), result.data.end())});
    }
    require(codec::encode_aggregate3(calls).size() % 32 == 4, "a batch is a selector and whole words");
    const Bytes written = codec::encode_call_results(*results);
    const auto again = codec::decode_aggregate3(written);
    require(again && again->size() == results->size(), "answers are read as they are written");
    for (std::size_t i = 0; i < results->size(); ++i) {
        const codec::CallResult& a = (*results)[i];
        const codec::CallResult& b = (*again)[i];
        require(
            a.success == b.success && std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end()),
            "each answer stays what it was");
    }
}

void fuzz_revert(BytesView data) {
    constexpr std::array<codec::KnownError, 1> kKnown{{{{0x11, 0x22, 0x33, 0x44}, "KnownError()"}}};
    if (const auto message = codec::revert_message(data)) {
        const BytesView bytes{reinterpret_cast<const std::uint8_t*>(message->data()), message->size()};
        require(lies_inside(bytes, data), "a message is a part of the data");
    }
    const std::string text = codec::describe_revert(data, kKnown);
    require(text.size() <= 300, "a description is short");
    for (const char c : text)
        require(c >= ' ' && c <= '~', "a description is printable");
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    switch (input.byte() % 3) {
        case 0:
            return fuzz_values(input);
        case 1:
            return fuzz_answers(input.rest());
        default:
            return fuzz_revert(input.rest());
    }
}

}  // namespace plimsoll::fuzz
