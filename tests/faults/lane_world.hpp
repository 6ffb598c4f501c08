// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/endpoint_network.hpp"
#include "chain/async/task_group.hpp"
#include "config/config.hpp"
#include "signer/action.hpp"
#include "tests/faults/scripted_node.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace plimsoll::faults {

using async::Task;

/// The raw bytes a request carries: of eth_sendRawTransaction, of a private transaction, or the first of a
/// bundle. Empty where there are none.
[[nodiscard]] Bytes raw_in(const Asked& asked);
/// A well-formed reply with the hash of those bytes.
[[nodiscard]] Step take_it(const Asked& asked);

/// An EndpointNetwork over scripted nodes and relays. Scripts hear of submissions and counts only: what a
/// connection needs to begin is answered for them.
class LaneWorld {
  public:
    LaneWorld();
    LaneWorld(const LaneWorld&) = delete;
    LaneWorld& operator=(const LaneWorld&) = delete;
    ~LaneWorld();

    /// One more endpoint, over ws; its number.
    std::size_t endpoint(ScriptedNode::Script script);
    /// One more lane; of a relay with this script.
    std::size_t relay(config::LaneType type, ScriptedNode::Script script,
                      const std::function<void(config::Lane&)>& edit = {});
    void public_lane(std::uint64_t after);

    /// Opens and connects everything, runs the body, closes everything.
    void run(const std::function<Task<void>()>& body);

    [[nodiscard]] bot::EndpointNetwork& network() { return *network_; }
    [[nodiscard]] bot::Endpoints& endpoints() { return *endpoints_; }
    /// What the endpoint or relay of this number was asked by a method; all of it if there is none named.
    [[nodiscard]] std::vector<Asked> endpoint_asked(std::size_t number, std::string_view method = {}) const;
    [[nodiscard]] std::vector<Asked> relay_asked(std::size_t number, std::string_view method = {}) const;
    [[nodiscard]] const std::vector<rpc::ErrorClass>& answers() const noexcept { return answers_; }

    /// Bytes of their own for each nonce, with their true hash; the story of each began at block 100.
    [[nodiscard]] static signer::Send send_of(std::uint64_t nonce, std::uint64_t head,
                                              std::uint64_t last_block = 0);
    Task<rpc::SendAnswer> send(std::uint64_t nonce, std::uint64_t head, std::uint64_t last_block = 0);
    /// Lasts until everything that is under way could be answered.
    Task<void> settle(std::chrono::milliseconds time = std::chrono::milliseconds{60});

  private:
    [[nodiscard]] static std::vector<Asked> asked_of(const ScriptedNode& node, std::string_view method);

    async::asio::io_context io_;
    async::TaskGroup tasks_;
    config::Config config_;
    std::vector<std::unique_ptr<ScriptedNode>> nodes_;
    std::vector<std::unique_ptr<ScriptedNode>> relays_;  // null for the public lane
    std::unique_ptr<bot::Endpoints> endpoints_;
    std::unique_ptr<bot::EndpointNetwork> network_;
    std::vector<rpc::ErrorClass> answers_;
};

}  // namespace plimsoll::faults
