// SPDX-License-Identifier: Apache-2.0
// The RLP reader, against the writer: what passes as canonical is written again byte for byte.
#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

namespace plimsoll::fuzz {
namespace {

using codec::RlpReader;
using codec::RlpWriter;

/// Copies the next item, looking at every string as everything that it can be.
void copy_item(RlpReader& in, RlpWriter& out, BytesView whole) {
    if (in.next_is_list()) {
        RlpReader items = in.list();
        out.begin_list();
        while (!items.at_end())
            copy_item(items, out, whole);
        out.end_list();
        in.absorb(items);
        return;
    }
    const BytesView text = in.bytes();
    require(lies_inside(text, whole), "a string is a part of the data");
    out.bytes(text);
}

/// Reads the items as values of one kind after the other, as a decoder of a structure does.
void read_as_values(BytesView data, BytesView kinds) {
    RlpReader in{data};
    RlpReader items = in.list();
    for (const std::uint8_t kind : kinds) {
        if (items.at_end()) break;
        switch (kind % 8) {
            case 0: {
                const U256 value = items.integer();
                if (!items.ok()) require(value.is_zero(), "after a failure every integer is zero");
                break;
            }
            case 1:
                static_cast<void>(items.u64());
                break;
            case 2:
                require(items.bounded(kind) <= kind, "a bounded integer is bounded");
                break;
            case 3:
                static_cast<void>(items.boolean());
                break;
            case 4:
                static_cast<void>(items.address());
                break;
            case 5:
                static_cast<void>(items.hash());
                break;
            case 6:
                require(items.text().size() <= data.size(), "a text is a part of the data");
                break;
            default:
                items.absorb(items.list());
                break;
        }
    }
    const bool good = items.ok();
    in.absorb(items);
    if (!good) require(!in.finish("items").has_value(), "a failure inside is a failure outside");
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const BytesView kinds = input.bytes(input.byte() % 16U);
    const BytesView item = input.rest();
    const bool canonical = codec::check_rlp(item).has_value();
    RlpReader in{item};
    RlpWriter out;
    copy_item(in, out, item);
    const bool read = in.finish("item").has_value();
    require(read == canonical, "the check and the reader agree");
    if (read) {
        const Bytes again = out.take();
        require(std::equal(again.begin(), again.end(), item.begin(), item.end()),
                "canonical data is written as it was read");
    }
    read_as_values(item, kinds);
}

}  // namespace plimsoll::fuzz
