# SPDX-License-Identifier: Apache-2.0
# Run at every build: writes OUT only when the commit changed, so that nothing is compiled again without need.
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --dirty --exclude=* --abbrev=12
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
    set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT [[
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plimsoll::bot::facts {
inline constexpr std::string_view kVersion = "@VERSION@";
inline constexpr std::string_view kCommit = "@commit@";
inline constexpr std::string_view kCompiler = "@COMPILER@";
inline constexpr std::string_view kBuildType = "@BUILD_TYPE@";
}  // namespace plimsoll::bot::facts
]] @ONLY)
