// SPDX-License-Identifier: Apache-2.0
#include "bot/control/control_path.hpp"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace plimsoll::bot {

Result<ControlPath> ControlPath::open(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return fail(Errc::not_found, folder.string() + ": " + std::strerror(errno));
    std::string direct = (folder / kControlName).string();
    if (direct.size() >= sizeof(sockaddr_un::sun_path))
        direct = "/proc/self/fd/" + std::to_string(descriptor) + "/" + kControlName;
    return ControlPath{descriptor, std::move(direct)};
}

ControlPath::ControlPath(ControlPath&& other) noexcept
    : folder_{std::exchange(other.folder_, -1)}, text_{std::move(other.text_)} {}

ControlPath::~ControlPath() {
    if (folder_ >= 0) ::close(folder_);
}

}  // namespace plimsoll::bot
