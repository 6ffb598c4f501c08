// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <string>
#include <vector>

namespace plimsoll::testing {

struct KnownKeccak {
    Bytes message;
    Bytes digest;
};

/// The "Len/Msg/MD" format of the Keccak team; every length here is whole bytes.
inline std::vector<KnownKeccak> read_keccak_answers(const std::string& file) {
    std::vector<KnownKeccak> out;
    std::size_t size = 0;
    for (const std::string& line : read_vector_lines(file)) {
        const std::size_t mark = line.find(" = ");
        if (mark == std::string::npos) continue;
        const std::string name = line.substr(0, mark);
        const std::string value = line.substr(mark + 3);
        if (name == "Len") size = std::stoul(value) / 8;
        if (name == "Msg") out.push_back({parse_hex("0x" + value).value(), {}});
        if (name == "MD") {
            out.back().message.resize(size);  // the empty message is written "00"
            out.back().digest = parse_hex("0x" + value).value();
        }
    }
    return out;
}

inline std::vector<KnownKeccak> known_keccak_answers() {
    return read_keccak_answers("keccak/short_messages_256.txt");
}

}  // namespace plimsoll::testing
