// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/differential/answer_lines.hpp"

#include <algorithm>
#include <exception>
#include <iostream>

namespace plimsoll::testing {

std::string_view text_of(simdjson::dom::element value) {
    return value.get_string().value();
}

U256 number_of(simdjson::dom::element value) {
    return expect(parse_decimal(text_of(value)));
}

int answer_lines(std::string (*answer)(simdjson::dom::element request)) {
    std::ios::sync_with_stdio(false);
    simdjson::dom::parser parser;
    for (std::string line; std::getline(std::cin, line);) {
        try {
            std::cout << answer(parser.parse(line)) << '\n';
        } catch (const std::exception& error) {
            std::string text = error.what();
            std::replace(text.begin(), text.end(), '"', '\'');
            std::cout << R"({"error":")" << text << "\"}" << '\n';
        }
    }
    return 0;
}

}  // namespace plimsoll::testing
