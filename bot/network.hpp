// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/action.hpp"

#include <optional>

namespace plimsoll::bot {

/// eth_getTransactionCount at "latest" and "pending".
struct NonceCounts {
    Nonce latest;
    Nonce pending;
};

/// What a submission asks of the world outside: bytes out, what became of them back. Everything may be
/// late, lost or wrong; nothing of it is believed more than the scheduler believes it. Tests put a model
/// node behind it.
class Network {
  public:
    virtual ~Network() = default;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;
    Network(Network&&) = delete;
    Network& operator=(Network&&) = delete;

    /// Hands out the bytes as they are. An answer that does not surely refuse them means "maybe sent".
    virtual async::Task<rpc::SendAnswer> send(signer::Send send) = 0;
    /// Nothing if the one that was asked knows no receipt.
    virtual async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 transaction) = 0;
    /// Whether the one that was asked has it, in no block yet.
    virtual async::Task<Result<bool>> in_pool(Hash32 transaction) = 0;
    virtual async::Task<Result<NonceCounts>> nonces(Address sender) = 0;

  protected:
    Network() = default;
};

}  // namespace plimsoll::bot
