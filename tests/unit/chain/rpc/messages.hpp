// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/message_reader.hpp"
#include "tests/unit/chain/rpc/padded.hpp"

#include <cstddef>
#include <string>

// Messages as a node sends them, and the reader's answer to them.
namespace plimsoll::rpc {

inline constexpr std::size_t kLimit = std::size_t{1} << 20U;

inline Result<Message> read(const std::string& text, const MessageContext& context = OneRequest{}) {
    MessageReader reader{kLimit};
    const Padded padded{text};
    return reader.read(padded.frame(), context);
}

inline Reply read_reply(const std::string& text, Method method) {
    return std::get<Reply>(read(text, OneRequest{1, method}).value());
}

inline std::string word(char digit) {
    return "\"0x" + std::string(64, digit) + '"';
}

inline std::string head_json(const std::string& number = "\"0x10\"") {
    return R"({"hash":)" + word('a') + R"(,"parentHash":)" + word('b') + R"(,"number":)" + number +
           R"(,"timestamp":"0x5","gasUsed":"0x1","gasLimit":"0x2","baseFeePerGas":"0x3b9aca00","logsBloom":"0x)" +
           std::string(512, '0') + R"("})";
}

inline std::string notification(const std::string& id, const std::string& result) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")" + id +
           R"(","result":)" + result + "}}";
}

}  // namespace plimsoll::rpc
