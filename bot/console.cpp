// SPDX-License-Identifier: Apache-2.0
#include "bot/console.hpp"

#include <cstdio>

namespace plimsoll::bot {
namespace {

void print(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

}  // namespace

void print_result(std::string_view text) {
    print(stdout, text);
}

void print_message(std::string_view text) {
    print(stderr, text);
}

ExitCode print_error(const Error& error) {
    print_message("error: " + error.context + "\n");
    return exit_code(error.code);
}

}  // namespace plimsoll::bot
