// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/endpoint.hpp"
#include "signer/send_class.hpp"

namespace plimsoll::bot {

/// What a node's answer means for an attempt of the hash `ours`. Whatever is not surely a refusal means
/// "maybe sent".
[[nodiscard]] signer::SendClass send_class(const rpc::SendAnswer& answer, const Hash32& ours);

}  // namespace plimsoll::bot
