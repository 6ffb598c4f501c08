// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <string_view>

namespace plimsoll::bot {

/// The bytes in the JSON result of eth_signTransaction: web3signer and op-signer return a string, geth and
/// clef an object with `raw`. Errc::rpc_rejected; the text never repeats what was answered.
[[nodiscard]] Result<Bytes> bytes_of_answer(std::string_view result);

}  // namespace plimsoll::bot
