// SPDX-License-Identifier: Apache-2.0
#include "bot/finality_mark.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace plimsoll::bot {

std::optional<std::string> FinalityMark::seen() const {
    std::error_code ignored;
    const std::filesystem::file_status status = std::filesystem::symlink_status(file_, ignored);
    if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
    std::ifstream stream{file_};
    std::string line;
    std::getline(stream, line);
    return line.empty() ? "a finalized block changed" : line.substr(0, 1000);
}

Result<void> FinalityMark::set(const std::string& what) const {
    const int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fail(Errc::storage_failed, file_.string() + ": " + std::strerror(errno));
    const std::string line = what + "\n";
    const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         ::fsync(descriptor) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!written) return fail(Errc::storage_failed, file_.string() + ": " + std::strerror(error));
    return {};
}

void FinalityMark::accept() const {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

}  // namespace plimsoll::bot
