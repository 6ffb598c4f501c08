// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/feed/feed.hpp"
#include "chain/rpc/endpoint_pool.hpp"
#include "config/config.hpp"

#include <memory>
#include <vector>

namespace plimsoll::bot {

/// Every connection of the keeper: of each configured endpoint one to ask, one to follow the chain, one to
/// send. None serves two of these. What is known of an endpoint (EndpointHealth) is shared by its three.
class Endpoints {
  public:
    /// Nothing is dialled yet. Errc::config_invalid where no endpoint can deliver subscriptions.
    [[nodiscard]] static Result<std::unique_ptr<Endpoints>> open(async::asio::any_io_executor executor,
                                                                 const config::Config& config);

    [[nodiscard]] rpc::EndpointPool& pool() noexcept { return *pool_; }
    /// What the feed follows, by SourceId.
    [[nodiscard]] std::vector<feed::FeedSource> sources();
    /// The best one to ask now: connected and alive, the quickest first; any other where there is none.
    [[nodiscard]] rpc::Endpoint& reader() noexcept;
    /// The best one to send to now, likewise.
    [[nodiscard]] rpc::Endpoint& submitter() noexcept;
    [[nodiscard]] std::vector<rpc::Endpoint*> readers();
    [[nodiscard]] const std::vector<std::unique_ptr<rpc::Endpoint>>& submitters() const noexcept {
        return submitters_;
    }
    /// Nothing is ever sent: the connections for it go.
    void never_send() noexcept { submitters_.clear(); }
    /// Requests since start, over all connections.
    [[nodiscard]] std::uint64_t total_requests() const;

  private:
    Endpoints() = default;
    [[nodiscard]] rpc::Endpoint& best_of(const std::vector<rpc::Endpoint*>& all) noexcept;

    std::unique_ptr<rpc::EndpointPool> pool_;
    std::vector<std::unique_ptr<rpc::Endpoint>> followers_;
    std::vector<std::unique_ptr<rpc::Endpoint>> submitters_;
    std::vector<bool> pending_;
};

}  // namespace plimsoll::bot
