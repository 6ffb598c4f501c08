// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "config/schema.hpp"

#include <functional>
#include <optional>
#include <string>

namespace plimsoll::config {

/// What a configuration may refer to: variables of the environment, files with secrets, processor cores.
struct Surroundings {
    std::function<std::optional<std::string>(const std::string& name)> variable;
    std::function<Result<std::string>(const std::string& path)> secret_file;
    std::function<bool(unsigned core)> has_core;  // counted from 0: whether a thread may be kept to it
};

/// The process's environment and the machine's files. A secret's file has at most 64 KiB and may be read by
/// its owner only (Errc::refused).
[[nodiscard]] Surroundings surroundings_of_process();

/// Replaces each `${NAME}` in texts by that variable and, for keys that hold secrets, `file:PATH` by what the
/// file says (without the line's end). Variables that are not set and files that cannot be read are errors.
[[nodiscard]] Parsed<Scalar> resolve(const Key& key, Scalar scalar, const Surroundings& surroundings);

}  // namespace plimsoll::config
