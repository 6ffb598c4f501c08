// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::signer {

/// The lines of a vector file; the test fails if there are none.
inline std::vector<std::string> vector_lines(const std::string& name) {
    std::ifstream file{std::string{PLIMSOLL_VECTORS} + "/" + name};
    std::vector<std::string> out;
    for (std::string line; std::getline(file, line);)
        out.push_back(line);
    EXPECT_FALSE(out.empty()) << name;
    return out;
}

inline std::string text_of(simdjson::dom::element element) {
    return std::string{std::string_view{element}};
}

inline Bytes bytes_of(simdjson::dom::element element) {
    return parse_hex(std::string_view{element}).value();
}

/// Left-padded with zeros: vectors leave leading zeros of r and s out.
inline Hash32 word_of(simdjson::dom::element element) {
    std::string digits = text_of(element).substr(2);
    digits.insert(0, 64 - digits.size(), '0');
    return parse_hash("0x" + digits).value();
}

}  // namespace plimsoll::signer
