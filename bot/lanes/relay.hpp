// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"
#include "signer/action.hpp"
#include "signer/keys/key.hpp"
#include "signer/lanes/lane_plan.hpp"

#include <memory>
#include <string>

namespace plimsoll::bot {

/// A relay or builder that is given transactions out of the public's sight. It is asked for nothing else: no
/// nonce, no receipt, no bytes of ours come back from it, and what it takes is believed only once it is
/// mined.
class Relay {
  public:
    /// Of a lane of type private or bundle; reads its key file. Errc::config_invalid, or what
    /// read_relay_key says.
    [[nodiscard]] static Result<std::unique_ptr<Relay>> open(async::asio::any_io_executor executor,
                                                             const config::Lane& lane);

    /// As a private transaction, or as one bundle for each block of the order, simulated before where the
    /// lane wants it. What a failed simulation keeps back is answered as `filtered`.
    async::Task<rpc::SendAnswer> offer(Bytes raw, signer::LaneOrder order);
    /// Asks it to forget a private transaction: best effort, and no fact about the chain.
    async::Task<Result<bool>> forget(Hash32 transaction);

    [[nodiscard]] rpc::Endpoint& endpoint() noexcept { return endpoint_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] signer::LaneKind kind() const noexcept { return kind_; }

  private:
    Relay(async::asio::any_io_executor executor, rpc::EndpointParams params, const config::Lane& lane);
    async::Task<rpc::SendAnswer> offer_bundles(std::vector<Bytes> bundle, signer::LaneOrder order);

    std::string name_;
    signer::LaneKind kind_;
    bool simulate_;
    rpc::Endpoint endpoint_;
};

}  // namespace plimsoll::bot
