// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/anvil.hpp"
#include "bot/fork/forked_batch.hpp"
#include "bot/fork/gateway.hpp"
#include "bot/fork/price_shock.hpp"
#include "chain/async/task.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/keys/key.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::bot {

/// A fork of the origin that can be set to any of its heads, with an Executor of ours on it and the shocked
/// price sources, if any. Its key is made for this run, owns nothing anywhere else and is never written down.
class ForkStage {
  public:
    ForkStage(boost::asio::any_io_executor executor, rpc::EndpointParams origin);
    ForkStage(const ForkStage&) = delete;
    ForkStage& operator=(const ForkStage&) = delete;
    ~ForkStage();

    struct Params {
        std::string anvil;             // fork.anvil
        std::filesystem::path folder;  // of the anvil
        std::uint64_t block_seconds{};
    };
    /// Starts the node and deploys the Executor on it, at the origin's block `at`. The gateway must be
    /// served.
    async::Task<Result<void>> start(Params params, Head at);
    /// Shocks are in place from the next head on.
    void shock(std::vector<ShockedSource> sources) { sources_ = std::move(sources); }
    /// The gateway to the origin, which the node needs from its start: takes a port; serves until cancelled.
    [[nodiscard]] Result<void> listen() { return gateway_.listen(); }
    async::Task<void> serve() { return gateway_.run(); }
    /// Keeps an eye on the node; returns why it is gone.
    async::Task<Error> ended() { return anvil_.ended(); }

    [[nodiscard]] const Address& executor() const noexcept { return executor_address_; }
    [[nodiscard]] const Address& receiver() const noexcept { return receiver_; }
    [[nodiscard]] const signer::Key& key() const noexcept { return *key_; }
    [[nodiscard]] const Gateway& gateway() const noexcept { return gateway_; }

    /// Sets the fork to `batch.head`, unless it stands there already, sends the transactions in order and
    /// mines until each has a receipt. Errc::not_found if the origin no longer has that block.
    async::Task<Result<void>> play(ForkedBatch& batch);

  private:
    async::Task<Result<void>> make_accounts();
    async::Task<Result<void>> connect();
    async::Task<Result<void>> deploy(Head at);
    async::Task<Result<void>> remember_executor();
    async::Task<Result<void>> set_to(Head head);
    async::Task<Result<void>> send(ForkedSend& one);
    async::Task<Result<void>> mine_all(ForkedBatch& batch);
    async::Task<void> explain(ForkedSend& one, Hash32 parent);
    async::Task<Result<std::vector<TokenProfit>>> holdings(const ForkedBatch& batch);

    boost::asio::any_io_executor io_;
    Gateway gateway_;
    Anvil anvil_;
    std::unique_ptr<rpc::Endpoint> node_;
    Params params_;
    std::optional<signer::Key> key_;
    Address receiver_;
    Address executor_address_;
    Bytes executor_code_;
    std::array<Hash32, 4> executor_storage_{};  // owner, pending owner, operator, receiver
    std::vector<ShockedSource> sources_;
    Hash32 set_to_;  // the head that the fork stands on
    Head newest_;    // of the fork
};

}  // namespace plimsoll::bot
