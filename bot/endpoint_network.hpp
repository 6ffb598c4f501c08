// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/endpoints.hpp"
#include "bot/network.hpp"

namespace plimsoll::bot {

/// The network behind the configured endpoints: the best submitting connection.
class EndpointNetwork final : public Network {
  public:
    /// `endpoints` outlive it.
    explicit EndpointNetwork(Endpoints& endpoints) noexcept : endpoints_{endpoints} {}

    async::Task<rpc::SendAnswer> send(signer::Send send) override;
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 transaction) override;
    async::Task<Result<NonceCounts>> nonces(Address sender) override;

  private:
    Endpoints& endpoints_;
};

}  // namespace plimsoll::bot
