// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"

#include <span>
#include <vector>

namespace plimsoll::codec {

/// Multicall3's address on nearly every chain.
inline constexpr Address kMulticall3{{0xCA, 0x11, 0xBD, 0xE0, 0x59, 0x77, 0xB3, 0x63, 0x11, 0x67,
                                      0x02, 0x88, 0x62, 0xBE, 0x2A, 0x17, 0x39, 0x76, 0xCA, 0x11}};

/// One answer of a batch; `data` is a view into the decoded bytes: a result, or revert data if not `success`.
struct CallResult {
    bool success{};
    BytesView data;
};

/// Calldata of Multicall3 `aggregate3((address target,bool allowFailure,bytes callData)[])`, each call
/// allowed to fail.
[[nodiscard]] Bytes encode_aggregate3(std::span<const Call> calls);
/// The answer, `(bool success, bytes returnData)[]`; Errc::malformed_reply.
[[nodiscard]] Result<std::vector<CallResult>> decode_aggregate3(BytesView answer);
/// Writes such an answer (for endpoints without Multicall3 that are asked call by call).
[[nodiscard]] Bytes encode_call_results(std::span<const CallResult> results);

}  // namespace plimsoll::codec
