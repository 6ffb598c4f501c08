// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace plimsoll::bot {

namespace {

std::string owner_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t got = pread(descriptor, text.data(), text.size() - 1, 0);
    if (got <= 0) return "another process";
    const std::string pid{text.data(), static_cast<std::size_t>(got)};
    return "pid " + pid.substr(0, pid.find_first_not_of("0123456789"));
}

}  // namespace

tl::expected<FileLock, FileLock::Failure> FileLock::take(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return tl::make_unexpected(Failure{false, file.string() + ": " + std::strerror(errno)});
    }
    FileLock out{descriptor};
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        const std::string why = held ? "held by " + owner_of(descriptor) : std::string{std::strerror(errno)};
        return tl::make_unexpected(Failure{held, file.string() + ": " + why});
    }
    const std::string pid = std::to_string(getpid()) + "\n";
    const bool written = ftruncate(descriptor, 0) == 0 &&
                         pwrite(descriptor, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
    if (!written) return tl::make_unexpected(Failure{false, file.string() + ": " + std::strerror(errno)});
    return out;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace plimsoll::bot
