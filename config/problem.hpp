// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::config {

/// What is wrong with one place of a configuration. The numbers are stable: they may be searched for and
/// documented.
enum class ProblemCode : std::uint16_t {
    unreadable = 1000,
    syntax = 1001,
    unknown_key = 1002,
    wrong_type = 1003,
    bad_unit = 1004,
    bad_value = 1005,
    out_of_range = 1006,
    not_a_choice = 1007,
    bad_address = 1008,
    bad_url = 1009,
    missing = 1010,
    duplicate = 1011,
    contradiction = 1012,
    out_of_bounds = 1013,
    unsafe_file = 1014,
};

/// One-based place in the file; `length` columns are marked. Line 0: the file as a whole.
struct Place {
    std::uint32_t line{};
    std::uint32_t column{};
    std::uint32_t length{1};
};

/// `what` names the key or value and the rule it breaks, `fix` is what to write instead. Neither ever holds a
/// secret.
struct Problem {
    ProblemCode code{};
    Place place;
    std::string what;
    std::string fix;
    std::string source{};  // the variable or flag it is about; empty: the file
};

/// Every problem of a configuration: first the file's, sorted by place.
struct Problems {
    std::string file;
    std::string text;  // of the file, for the quoted lines
    std::vector<Problem> list;
    [[nodiscard]] bool unreadable() const noexcept {
        return list.size() == 1 && list.front().code == ProblemCode::unreadable;
    }
    /// Whether all of them are of one kind.
    [[nodiscard]] bool all(ProblemCode code) const noexcept;
    /// Whether all of them were typed on the command line.
    [[nodiscard]] bool all_from_flags() const noexcept;
};

/// For a person: code, file:line:col, the line with a caret, what, and fix; values of keys that hold URLs are
/// masked.
[[nodiscard]] std::string render(const Problems& problems);

}  // namespace plimsoll::config
