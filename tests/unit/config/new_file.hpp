// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/template.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::config {

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

/// What `config init --network` writes. A local chain's own addresses are given on its command line.
inline std::string file_for(Network network) {
    std::vector<Setting> settings;
    if (network == Network::devnet) {
        const std::string address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        settings = {{"venue.0.kind", "aave-v3", "--venue.0.kind"},
                    {"venue.0.name", "local", "--venue.0.name"},
                    {"venue.0.pool", address, "--venue.0.pool"},
                    {"uniswap_v3.factory", address, "--uniswap-v3.factory"},
                    {"uniswap_v3.quoter", address, "--uniswap-v3.quoter"},
                    {"uniswap_v3.router", address, "--uniswap-v3.router"}};
    }
    Problems problems;
    const Effective known = starting_point(network, settings, problems);
    EXPECT_TRUE(problems.list.empty()) << render(problems);
    return new_file(known);
}

/// The file with every key that was switched off switched on; the variables it then refers to are set.
inline std::string all_switched_on(const std::string& text) {
    ::setenv("RPC_SECRET", "secret-token", 1);  // NOLINT(concurrency-mt-unsafe): before any thread
    std::string out;
    for (const std::string& line : lines_of(text))
        out += (line.size() > 1 && line[0] == '#' && line[1] != ' ' ? line.substr(1) : line) + "\n";
    return out;
}

}  // namespace plimsoll::config
