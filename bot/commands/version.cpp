// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/version.hpp"

#include "bot/version_facts.hpp"  // made at build time

namespace plimsoll::bot {

std::string_view version() {
    return facts::kVersion;
}

std::string_view commit() {
    return facts::kCommit;
}

std::string version_text(Output output) {
    const std::string number{version()};
    const std::string hash{commit()};
    const std::string compiler{facts::kCompiler};
    const std::string build{facts::kBuildType};
    if (output == Output::json) {
        return R"({"schema":"plimsoll.version.v1","version":")" + number + R"(","commit":")" + hash +
               R"(","compiler":")" + compiler + R"(","build":")" + build + "\"}\n";
    }
    return "plimsoll " + number + " (" + hash + "), " + compiler + ", " + build + "\n";
}

}  // namespace plimsoll::bot
