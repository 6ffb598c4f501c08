// SPDX-License-Identifier: Apache-2.0
#include "bot/hardening.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace plimsoll::bot {

Result<void> keep_memory_private() {
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return fail(Errc::refused, std::string{"core dumps cannot be turned off: "} + std::strerror(errno));
    if (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) != 0)
        return fail(Errc::refused, std::string{"the memory cannot be kept private: "} + std::strerror(errno));
    return {};
}

bool memory_is_private() noexcept {
    rlimit now{};
    return getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 0 && now.rlim_max == 0 &&
           prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 0;
}

}  // namespace plimsoll::bot
