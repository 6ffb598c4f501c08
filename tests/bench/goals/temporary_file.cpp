// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/temporary_file.hpp"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace plimsoll::bench {

namespace {

std::string fresh_name() {
    static std::atomic<unsigned> number = 0;
    return "plimsoll-goals-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

}  // namespace

TemporaryFile::TemporaryFile(BytesView bytes) : path_{std::filesystem::temp_directory_path() / fresh_name()} {
    std::ofstream out{path_, std::ios::binary};
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw std::runtime_error{"cannot write " + path_.string()};
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

}  // namespace plimsoll::bench
