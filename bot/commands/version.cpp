// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/version.hpp"

#include "bot/console.hpp"
#include "bot/version_facts.hpp"  // made at build time

namespace plimsoll::bot {
namespace {

constexpr std::array kVersionOptions{kJsonOption};

ExitCode run_version(const Invocation& invocation) {
    print_result(version_text(invocation.has("--json")));
    return ExitCode::ok;
}

}  // namespace

constinit const Command kVersionCommand{.name = "version",
                                        .help = "Version, commit and compiler",
                                        .options = kVersionOptions,
                                        .examples = {"plimsoll version", "plimsoll version --json"},
                                        .run = run_version};

std::string_view version() {
    return facts::kVersion;
}

std::string_view commit() {
    return facts::kCommit;
}

std::string version_text(bool json) {
    const std::string number{version()};
    const std::string hash{commit()};
    const std::string compiler{facts::kCompiler};
    const std::string build{facts::kBuildType};
    if (json) {
        return R"({"schema":"plimsoll.version.v1","version":")" + number + R"(","commit":")" + hash +
               R"(","compiler":")" + compiler + R"(","build":")" + build + "\"}\n";
    }
    return "plimsoll " + number + " (" + hash + "), " + compiler + ", " + build + "\n";
}

}  // namespace plimsoll::bot
