// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/arming.hpp"
#include "bot/check_row.hpp"
#include "bot/exit_code.hpp"
#include "chain/async/task.hpp"
#include "config/config.hpp"

#include <string>
#include <vector>

namespace plimsoll::bot {

/// Who may read the files that hold secrets: the configuration itself, the keystore, its password.
void check_secrets(const config::Config& config, const std::string& config_path, LiveFlag live,
                   std::vector<CheckRow>& rows);
/// Whether the journal's folder can be written, without leaving anything there.
void check_folder(const config::Config& config, LiveFlag live, std::vector<CheckRow>& rows);
/// All that endpoint and chain can tell, in the order in which `run` asks; and the folder. Sends nothing.
/// `ok` unless it could not be carried out at all.
[[nodiscard]] async::Task<ExitCode> check_online(async::asio::any_io_executor executor,
                                                 const config::Config& config, LiveFlag live,
                                                 std::vector<CheckRow>& rows);

}  // namespace plimsoll::bot
