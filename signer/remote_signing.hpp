// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "signer/transaction.hpp"

#include <string>

namespace plimsoll::signer {

/// The parameters of eth_signTransaction, a JSON array of one object (execution-apis, GenericTransaction), as
/// web3signer, clef-like and geth-like signers take them. EIP-1559 transactions only; throws std::logic_error
/// for others and for a creation.
[[nodiscard]] std::string signing_parameters(const Address& from, const Transaction& fields);

/// What a remote signer returned, if it is exactly what it was asked for: decoded strictly, every field
/// compared, the sender recovered, s low (EIP-2). Errc::malformed_reply names what differs.
[[nodiscard]] Result<SignedTransaction> check_signed(BytesView raw, const Transaction& asked,
                                                     const Address& sender);

}  // namespace plimsoll::signer
