// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/check_row.hpp"
#include "bot/exit_code.hpp"
#include "chain/async/task.hpp"
#include "config/config.hpp"

#include <vector>

namespace plimsoll::bot {

/// A row for each `[[lane]]` that leads to a relay or builder: whether its key file is good, and whether
/// somebody there answers a question that changes nothing (web3_clientVersion) within seconds. That it does
/// not know the question is an answer; that it does not know us is none. Always `ok`: the rows tell.
[[nodiscard]] async::Task<ExitCode> check_relays(async::asio::any_io_executor executor,
                                                 const config::Config& config, std::vector<CheckRow>& rows);

}  // namespace plimsoll::bot
