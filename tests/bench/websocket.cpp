// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/websocket.hpp"

#include <openssl/evp.h>

#include <array>

namespace plimsoll::bench {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

}  // namespace

std::string accept_key(std::string_view key) {
    const std::string text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_sha1(), nullptr);
    std::array<unsigned char, 64> out{};
    const int length = EVP_EncodeBlock(out.data(), sum.data(), static_cast<int>(size));
    return {out.begin(), out.begin() + length};
}

std::optional<ClientFrame> client_frame(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    ClientFrame out;
    out.opcode = byte_at(bytes, 0) & 0x0FU;
    out.size = byte_at(bytes, 1) & 0x7FU;
    const std::size_t wide = out.size == 126 ? 2 : out.size == 127 ? 8 : 0;
    out.header = 2 + wide + 4;
    if (bytes.size() < out.header) return std::nullopt;
    if (wide != 0) out.size = 0;
    for (std::size_t i = 0; i < wide; ++i)
        out.size = out.size << 8U | byte_at(bytes, 2 + i);
    if (bytes.size() < out.header + out.size) return std::nullopt;
    return out;
}

}  // namespace plimsoll::bench
