// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/log.hpp"

#include <span>
#include <vector>

namespace plimsoll::codec {

/// One log as an RLP list of its fields, for the event codec.
void write_log(RlpWriter& out, const Log& log);
[[nodiscard]] Log read_log(RlpReader& in);

/// A list of such logs.
void write_logs(RlpWriter& out, std::span<const Log> logs);
[[nodiscard]] std::vector<Log> read_logs(RlpReader& in);

}  // namespace plimsoll::codec
