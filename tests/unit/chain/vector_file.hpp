// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace plimsoll::testing {

/// The whole of tests/vectors/<name>; a missing file is a broken test, not a skipped one.
inline std::string read_vector_file(const std::string& name) {
    std::ifstream in{std::string{PLIMSOLL_VECTORS} + "/" + name, std::ios::binary};
    if (!in) throw std::runtime_error{"no vector file " + name};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Its lines without empty ones and without comments (#).
inline std::vector<std::string> read_vector_lines(const std::string& name) {
    std::ifstream in{std::string{PLIMSOLL_VECTORS} + "/" + name};
    if (!in) throw std::runtime_error{"no vector file " + name};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty() && line.front() != '#') lines.push_back(line);
    }
    return lines;
}

}  // namespace plimsoll::testing
