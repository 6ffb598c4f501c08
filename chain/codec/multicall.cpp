// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/multicall.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"

namespace plimsoll::codec {

Bytes encode_aggregate3(std::span<const Call> calls) {
    AbiWriter list = AbiWriter::array(calls.size());
    for (const Call& call : calls) {
        AbiWriter item;
        item.address(call.to).boolean(true).bytes(call.data);
        list.dynamic(item);
    }
    AbiWriter out{selector("aggregate3((address,bool,bytes)[])")};
    out.dynamic(list);
    return out.take();
}

Result<std::vector<CallResult>> decode_aggregate3(BytesView answer) {
    AbiReader reader{answer};
    AbiReader list = reader.dynamic();
    const std::size_t count = list.length();
    std::vector<CallResult> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count && list.ok(); ++i) {
        AbiReader item = list.dynamic();
        const bool success = item.boolean();
        out.push_back({success, item.bytes()});
        list.absorb(item);
    }
    PLIMSOLL_CHECK(list.finish("the answer of aggregate3"));
    return out;
}

Bytes encode_call_results(std::span<const CallResult> results) {
    AbiWriter list = AbiWriter::array(results.size());
    for (const CallResult& result : results) {
        AbiWriter item;
        item.boolean(result.success).bytes(result.data);
        list.dynamic(item);
    }
    AbiWriter out;
    out.dynamic(list);
    return out.take();
}

}  // namespace plimsoll::codec
