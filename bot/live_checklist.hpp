// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/check_row.hpp"
#include "config/config.hpp"
#include "config/origin.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bot {

/// A key that live beyond this machine wants an operator to have set: a default is nobody's decision, and
/// what turns the limit off is none either.
struct Decided {
    std::string_view table;
    std::string_view key;
    std::string_view what;  // it is, as the row calls it
    std::string_view fix;
    bool (*is_set)(const config::Config& config);  // whether the value protects at all
};

/// All of them, as a table.
[[nodiscard]] std::span<const Decided> decided_keys() noexcept;

/// What has to be right before anything is sent to a node that is not on this machine, as far as it is known
/// without asking one: who decided what may be spent and lost, where the witness lies, how many nodes are
/// asked, what the key is. Every row that fails has a remedy and the code 77.
[[nodiscard]] std::vector<CheckRow> live_checklist(const config::Config& config,
                                                   const config::Origins& origins);

/// The rows that fail, in words; nothing if none does.
[[nodiscard]] std::optional<std::string> why_not_live(const std::vector<CheckRow>& rows);

}  // namespace plimsoll::bot
