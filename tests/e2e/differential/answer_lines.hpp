// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/u256.hpp"

#include <simdjson.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::testing {

/// The value, or an exception that becomes the answer {"error": ...}.
template <class T>
T expect(Result<T> result) {
    if (!result) throw std::runtime_error{result.error().context};
    return *std::move(result);
}

/// A string. Throws if it is something else.
[[nodiscard]] std::string_view text_of(simdjson::dom::element value);
/// A decimal number in a string. Throws if it is something else.
[[nodiscard]] U256 number_of(simdjson::dom::element value);

/// A probe's whole main: reads one JSON object a line and writes one line for each, which `answer` makes;
/// what that throws is written as {"error": text}. Returns 0 at the end of the input.
int answer_lines(std::string (*answer)(simdjson::dom::element request));

}  // namespace plimsoll::testing
