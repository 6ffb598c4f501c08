// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/command.hpp"

#include <cstdio>
#include <stdexcept>

namespace plimsoll::bench {

std::string printed_by(const std::string& command) {
    std::FILE* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error{"cannot start " + command};
    std::string out;
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr)
        out += buffer;
    if (pclose(pipe) != 0) throw std::runtime_error{command + " failed"};
    return out;
}

}  // namespace plimsoll::bench
