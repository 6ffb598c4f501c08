// SPDX-License-Identifier: Apache-2.0
#include "bot/hardening.hpp"

#include "bot/log_field.hpp"
#include "signer/keys/key.hpp"
#include "signer/keys/secret_bytes.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <type_traits>

namespace plimsoll::bot {
namespace {

// No log line can be given a secret.
template <class T>
constexpr bool kLoggable = std::is_constructible_v<Field, std::string_view, const T&>;
static_assert(kLoggable<Address> && kLoggable<std::string>);
static_assert(!kLoggable<signer::Secret> && !kLoggable<signer::SecretBytes> && !kLoggable<signer::Key>);

/// "Max core file size" of this process, as the kernel tells it.
std::string core_limit() {
    std::ifstream limits{"/proc/self/limits"};
    for (std::string line; std::getline(limits, line);) {
        if (line.starts_with("Max core file size")) return line;
    }
    return {};
}

// Scenario 77. In a process of its own, because the tests' may be dumped.
TEST(Hardening, s77_AProcessThatMayHoldAKeyLeavesNoMemoryBehind) {
    EXPECT_FALSE(memory_is_private());
    const auto hardened = [] {
        if (!keep_memory_private()) std::exit(1);
        if (!memory_is_private()) std::exit(2);
        const std::string told = core_limit();
        if (told.find(" 0 ") == std::string::npos) std::exit(3);
        if (told.find("unlimited") != std::string::npos) std::exit(4);
        std::exit(0);
    };
    EXPECT_EXIT(hardened(), testing::ExitedWithCode(0), "");
    EXPECT_FALSE(memory_is_private());
}

}  // namespace
}  // namespace plimsoll::bot
