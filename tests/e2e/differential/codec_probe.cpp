// SPDX-License-Identifier: Apache-2.0
// Answers codec requests for codec.test.mjs: one JSON object a line in, one JSON value a line out. Numbers
// travel as decimal strings, bytes as 0x strings, failures as {"error": text}.
#include "chain/codec/multicall.hpp"
#include "chain/codec/revert.hpp"
#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/e2e/differential/answer_lines.hpp"
#include "tests/unit/chain/codec/abi_by_type.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::testing {
namespace {

using codec::AbiReader;
using codec::AbiWriter;
using codec::RlpReader;
using codec::RlpWriter;
using simdjson::dom::element;

std::string_view text_of(element request, std::string_view key) {
    return request[key].get_string().value();
}
Bytes bytes_of(element value) {
    return expect(parse_hex(value.get_string().value()));
}
std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string keccak(element request) {
    return quoted(to_string(keccak256(BytesView{bytes_of(request["data"])})));
}

std::string checksum(element request) {
    return quoted(to_string(expect(parse_address(text_of(request, "data")))));
}

std::string quantity(element request) {
    const U256 value = expect(parse_decimal(text_of(request, "value")));
    const std::string text = to_quantity_hex(value);
    if (expect(parse_quantity_hex(text)) != value) throw std::logic_error{"a quantity changed on its way"};
    return quoted(text);
}

std::string mul_div(element request) {
    std::array<U256, 3> operands;
    std::size_t i = 0;
    for (const element item : request["operands"].get_array()) {
        operands.at(i++) = expect(parse_decimal(item.get_string().value()));
    }
    const U256 down = mul_div_down(operands[0], operands[1], operands[2]);
    const U256 up = mul_div_up(operands[0], operands[1], operands[2]);
    return "[" + quoted(to_decimal(down)) + "," + quoted(to_decimal(up)) + "]";
}

void write_rlp(RlpWriter& out, element value) {
    if (!value.is_array()) {
        out.bytes(bytes_of(value));
        return;
    }
    out.begin_list();
    for (const element item : value.get_array())
        write_rlp(out, item);
    out.end_list();
}

std::string rlp_encode(element request) {
    RlpWriter out;
    write_rlp(out, request["value"]);
    return quoted(to_hex(out.take()));
}

std::string read_rlp(RlpReader& in) {
    if (!in.next_is_list()) return quoted(to_hex(in.bytes()));
    RlpReader items = in.list();
    std::string out = "[";
    while (!items.at_end()) {
        if (out.size() > 1) out += ',';
        out += read_rlp(items);
    }
    in.absorb(items);
    return out + "]";
}

std::string rlp_decode(element request) {
    const Bytes data = bytes_of(request["data"]);
    RlpReader in{data};
    std::string out = read_rlp(in);
    if (const Result<void> end = in.finish("item"); !end) throw std::runtime_error{end.error().context};
    return out;
}

AbiType types_of(element request) {
    std::vector<AbiType> parts;
    for (const element type : request["types"].get_array())
        parts.push_back(parse_abi_type(type.get_string().value()));
    return tuple_of(std::move(parts));
}

std::string abi_encode(element request) {
    const AbiType type = types_of(request);
    AbiWriter out;
    std::size_t i = 0;
    for (const element value : request["values"].get_array())
        write_value(out, type.parts.at(i++), value);
    return quoted(to_hex(out.take()));
}

std::string abi_decode(element request) {
    const Bytes data = bytes_of(request["data"]);
    AbiReader in{data};
    std::string out = "[";
    for (const AbiType& part : types_of(request).parts) {
        if (out.size() > 1) out += ',';
        out += read_value(in, part);
    }
    if (const Result<void> end = in.finish("values"); !end) throw std::runtime_error{end.error().context};
    return out + "]";
}

std::string aggregate3(element request) {
    std::vector<Call> calls;
    for (const element call : request["calls"].get_array()) {
        calls.push_back({expect(parse_address(text_of(call, "to"))), bytes_of(call["data"])});
    }
    return quoted(to_hex(codec::encode_aggregate3(calls)));
}

std::string decode_aggregate3(element request) {
    const Bytes data = bytes_of(request["data"]);
    std::string out = "[";
    for (const codec::CallResult& result : expect(codec::decode_aggregate3(data))) {
        if (out.size() > 1) out += ',';
        out += std::string{result.success ? "[true," : "[false,"} + quoted(to_hex(result.data)) + "]";
    }
    return out + "]";
}

std::string revert(element request) {
    const Bytes data = bytes_of(request["data"]);
    const auto message = codec::revert_message(data);
    if (!message) return quoted(codec::describe_revert(data));
    return quoted(to_hex({reinterpret_cast<const std::uint8_t*>(message->data()), message->size()}));
}

std::string answer(element request) {
    using Handler = std::string (*)(element);
    static constexpr std::array<std::pair<std::string_view, Handler>, 11> kHandlers{
        {{"keccak", keccak},
         {"checksum", checksum},
         {"quantity", quantity},
         {"mul_div", mul_div},
         {"rlp_encode", rlp_encode},
         {"rlp_decode", rlp_decode},
         {"abi_encode", abi_encode},
         {"abi_decode", abi_decode},
         {"aggregate3", aggregate3},
         {"decode_aggregate3", decode_aggregate3},
         {"revert", revert}}};
    const std::string_view operation = text_of(request, "op");
    for (const auto& [name, handler] : kHandlers) {
        if (name == operation) return handler(request);
    }
    throw std::invalid_argument{"no such operation"};
}

}  // namespace
}  // namespace plimsoll::testing

int main() {
    return plimsoll::testing::answer_lines(&plimsoll::testing::answer);
}
