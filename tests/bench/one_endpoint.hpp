// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/network.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/intent.hpp"

#include <string>

namespace plimsoll::bench {

/// What the benchmarks of the submission send over: one endpoint and no lanes.
class OneEndpoint final : public bot::Network {
  public:
    explicit OneEndpoint(rpc::Endpoint& endpoint) : endpoint_{endpoint} {}
    async::Task<rpc::SendAnswer> send(signer::Send send) override;
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 transaction) override;
    async::Task<Result<bool>> in_pool(Hash32 transaction) override;
    async::Task<Result<bot::NonceCounts>> nonces(Address sender) override;

  private:
    rpc::Endpoint& endpoint_;
};

[[nodiscard]] rpc::EndpointParams endpoint_params(const std::string& url, std::size_t in_flight);
/// A call of 1,000 bytes, about what a liquidation with two hops takes, for an account of its own.
[[nodiscard]] signer::Intent intent(std::uint64_t id);

}  // namespace plimsoll::bench
