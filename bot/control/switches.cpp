// SPDX-License-Identifier: Apache-2.0
#include "bot/control/switches.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace plimsoll::bot {
namespace {

tl::unexpected<Error> storage_error(const std::filesystem::path& file, int code) {
    return fail(Errc::storage_failed, file.string() + ": " + std::strerror(code));
}

/// A new or removed name is on the disk once its folder is.
bool sync_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::fsync(descriptor) == 0;
    const int code = errno;
    ::close(descriptor);
    errno = code;
    return done;
}

}  // namespace

Switches::Switches(const std::filesystem::path& folder, const std::filesystem::path& kill_switch)
    : pause_file_{folder / "paused"}, kill_file_{kill_switch.empty() ? folder / "kill" : kill_switch} {}

bool Switches::there(const std::filesystem::path& file) {
    struct stat facts {};
    if (::lstat(file.c_str(), &facts) == 0) return true;
    return errno != ENOENT && errno != ENOTDIR;
}

Result<void> Switches::pause() const {
    std::error_code failed;
    std::filesystem::create_directories(pause_file_.parent_path(), failed);
    if (failed) return storage_error(pause_file_.parent_path(), failed.value());
    const int descriptor = ::open(pause_file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return storage_error(pause_file_, errno);
    ::close(descriptor);
    if (!sync_folder(pause_file_.parent_path())) return storage_error(pause_file_, errno);
    return {};
}

Result<void> Switches::resume() const {
    if (::unlink(pause_file_.c_str()) == 0) {
        if (!sync_folder(pause_file_.parent_path())) return storage_error(pause_file_, errno);
        return {};
    }
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return storage_error(pause_file_, errno);
}

}  // namespace plimsoll::bot
