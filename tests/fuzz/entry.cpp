// SPDX-License-Identifier: Apache-2.0
// libFuzzer's own entry, the same for all fuzzers.
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    plimsoll::fuzz::run({data, size});
    return 0;
}
