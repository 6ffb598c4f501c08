// SPDX-License-Identifier: Apache-2.0
// What every fuzzer here is made of: bytes to read from, and promises that end the program when broken.
#pragma once

#include "chain/primitives/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace plimsoll::fuzz {

/// One input from outside. Each fuzzer defines it; entry.cpp calls it.
void run(BytesView data);

/// Ends the program, which libFuzzer reports with the input, unless the promise holds.
inline void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

/// Takes an input apart from the left to the right; beyond its end there are zeros.
class Input {
  public:
    explicit Input(BytesView data) noexcept : data_{data} {}

    std::uint8_t byte() noexcept {
        const BytesView one = bytes(1);
        return one.empty() ? std::uint8_t{0} : one.front();
    }
    /// At most `count` bytes.
    BytesView bytes(std::size_t count) noexcept {
        const BytesView out = data_.first(std::min(count, data_.size()));
        data_ = data_.subspan(out.size());
        return out;
    }
    BytesView rest() noexcept { return bytes(data_.size()); }
    [[nodiscard]] bool at_end() const noexcept { return data_.empty(); }

  private:
    BytesView data_;
};

/// Whether `part` lies inside of `whole`, as a view into it must.
[[nodiscard]] inline bool lies_inside(BytesView part, BytesView whole) noexcept {
    if (part.empty()) return true;
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace plimsoll::fuzz
