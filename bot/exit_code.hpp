// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

namespace plimsoll::bot {

/// What the process answers its caller: the numbers of sysexits.h where one fits.
enum class ExitCode : int {
    ok = 0,              // done; also after SIGTERM or SIGINT with a clean shutdown
    failed = 1,          // run-time failure where a restart may help
    negative = 2,        // the command worked and the answer is "no"
    not_running = 3,     // no keeper to talk to
    usage = 64,          // unknown command or flag, bad value on the command line
    data = 65,           // an input file is malformed or out of bounds
    no_input = 66,       // a file named by the operator is missing or unreadable
    unavailable = 69,    // endpoint, database or signer unreachable after the start-up budget
    internal = 70,       // broken invariant or unexpected exception
    cannot_create = 73,  // data directory not writable or locked
    timed_out = 75,      // the command's own deadline passed
    wrong_peer = 76,     // another chain id, no contract code, an unproven revision
    refused = 77,        // unsafe setting, live not armed
    config = 78,         // configuration invalid
};

/// For an error that ends the program at start-up.
[[nodiscard]] ExitCode exit_code(Errc code) noexcept;

}  // namespace plimsoll::bot
