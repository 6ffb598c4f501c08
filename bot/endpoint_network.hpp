// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/endpoints.hpp"
#include "bot/lanes/lane_tally.hpp"
#include "bot/lanes/relay.hpp"
#include "bot/network.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/task_group.hpp"
#include "signer/lanes/lane_plan.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace plimsoll::bot {

/// What one way answered to one transaction.
struct LaneAnswer {
    std::string_view lane;  // name of the relay's lane, "public" for endpoints
    std::string_view peer;  // whom it was given to, without secrets
    Hash32 transaction;
    rpc::ErrorClass meaning{};
    std::string_view text;  // what it said, if it did not take it
};

/// Of all ways, since start.
struct LaneCounts {
    std::uint64_t sent{};
    std::uint64_t taken{};
    std::uint64_t lies{};     // answers with a hash that is not ours
    std::uint64_t forgets{};  // a relay was asked to forget
    std::uint64_t forgot{};   // and says that it did
};

/// The relays of a configuration, and which lane is when.
struct Lanes {
    signer::LanePlan plan{{}};
    std::vector<std::unique_ptr<Relay>> relays;  // one a lane of the plan; null for the public one
};

/// Reads the key files. Errors as of Relay::open, with the name of the lane.
[[nodiscard]] Result<Lanes> open_lanes(async::asio::any_io_executor executor,
                                       std::span<const config::Lane> lanes);

/// The network behind the configured endpoints and relays: bytes go to every way of the lanes that are open
/// to their nonce, at once and side by side.
class EndpointNetwork final : public Network {
  public:
    struct Parts {
        async::asio::any_io_executor executor;
        Endpoints& endpoints;     // outlive it, as do the tasks
        async::TaskGroup& tasks;  // of the ways that answer after the first
    };

    EndpointNetwork(Parts parts, Lanes lanes);

    /// The first answer that takes it, else as LaneTally says. Never a word about inclusion.
    async::Task<rpc::SendAnswer> send(signer::Send send) override;
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 transaction) override;
    async::Task<Result<bool>> in_pool(Hash32 transaction) override;
    /// The highest of what the endpoints say, side by side: one that lags makes no nonce free. Relays are not
    /// asked.
    async::Task<Result<NonceCounts>> nonces(Address sender) override;

    /// Told every answer; set once.
    void on_answer(std::function<void(const LaneAnswer&)> listener) { listener_ = std::move(listener); }
    [[nodiscard]] const LaneCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Relay>>& relays() const noexcept { return lanes_.relays; }

  private:
    struct Race;
    struct Reading;

    void publish(const signer::Send& send, const std::shared_ptr<Race>& race);
    async::Task<void> send_to(rpc::Endpoint& endpoint, signer::Send send, std::shared_ptr<Race> race);
    async::Task<void> offer_to(Relay& relay, signer::Send send, signer::LaneOrder order,
                               std::shared_ptr<Race> race);
    async::Task<void> ask_to_forget(Relay& relay, Hash32 transaction);
    async::Task<void> read_nonces(rpc::Endpoint& endpoint, Address sender, std::shared_ptr<Reading> reading);
    void forget_private(Nonce nonce);
    void take(const signer::Send& send, std::string_view lane, std::string_view peer, rpc::SendAnswer answer,
              Race& race);
    [[nodiscard]] std::vector<rpc::Endpoint*> usable() const;

    Parts parts_;
    Lanes lanes_;
    LaneCounts counts_;
    std::function<void(const LaneAnswer&)> listener_;
    std::map<Nonce, std::vector<Hash32>> private_;  // what relays may hold; bounded
};

}  // namespace plimsoll::bot
