// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/key_lock.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace plimsoll::bot {

namespace {

/// In a folder that others may write to, a lock proves nothing.
std::string distrust(const std::filesystem::path& folder) {
    struct stat facts {};
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return folder.string() + " cannot be made: " + std::strerror(errno);
    if (lstat(folder.c_str(), &facts) != 0) return folder.string() + ": " + std::strerror(errno);
    if (!S_ISDIR(facts.st_mode)) return folder.string() + " is no folder";
    if (facts.st_uid != geteuid()) return folder.string() + " belongs to another user";
    if ((facts.st_mode & 022U) != 0) return folder.string() + " may be written by others";
    return {};
}

}  // namespace

tl::expected<FileLock, FileLock::Failure> lock_key(const std::filesystem::path& folder,
                                                   const JournalOwner& owner) {
    const std::string why = distrust(folder);
    if (!why.empty()) return tl::make_unexpected(FileLock::Failure{false, why});
    return FileLock::take(folder /
                          (std::to_string(owner.chain.value) + "-" + to_string(owner.sender) + ".lock"));
}

std::filesystem::path key_lock_folder() {
    const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime != nullptr && *runtime == '/') return std::filesystem::path{runtime} / "plimsoll";
    return "/tmp/plimsoll-" + std::to_string(geteuid());
}

}  // namespace plimsoll::bot
