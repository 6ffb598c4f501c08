// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/message_reader.hpp"
#include "signer/fee.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "signer/rehearsal.hpp"
#include "tests/bench/goals/stage.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace plimsoll::bench {

/// A frame with the room behind it that readers want.
struct PaddedFrame {
    explicit PaddedFrame(std::string text) : size{text.size()}, bytes{std::move(text)} {
        bytes.resize(size + rpc::kFramePadding);
    }
    [[nodiscard]] std::string_view text() const { return std::string_view{bytes}.substr(0, size); }

    std::size_t size;
    std::string bytes;
};

/// One subscription to logs, "0xl".
class LogsAlone final : public rpc::MessageContext {
  public:
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override { return std::nullopt; }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view subscription) const override {
        return subscription == "0xl" ? rpc::SubscriptionKind::logs : rpc::SubscriptionKind::unknown;
    }
};

/// What may be signed in these measurements.
[[nodiscard]] signer::PolicyLimits limits_of(const Address& sender);
/// The transaction of a decision, by the product's own way to a signature.
[[nodiscard]] signer::SignedTransaction sign_decision(const signer::Policy& policy, const fees::FeeQuote& fee,
                                                      const signer::Key& key,
                                                      const strategy::Decision& decision);

/// Throws unless the frame is an eth_sendRawTransaction of `sender` that names `account` in its calldata.
void require_transaction(const std::string& frame, const Address& sender, const Address& account);

/// The product's parts from the bytes of a frame to the bytes of the answer, on a Stage's engine: decoding,
/// the engine (venue, index, quotes, routes, plan), fee, policy, signature, the frame to send. No socket and
/// no journal.
class HotPath {
  public:
    explicit HotPath(Stage& stage);

    /// The log that the frame tells, good until the next call. Throws if it tells none.
    [[nodiscard]] const Log& decoded(std::string_view frame);
    /// Feeds the log; empty if nobody is to be liquidated. With `seal` the block ends with it.
    [[nodiscard]] const strategy::Decision* decide(const Log& log, bool seal);
    /// The eth_sendRawTransaction of a decision.
    [[nodiscard]] std::string signed_frame(const strategy::Decision& decision);

    /// All of it; empty if there is nothing to send.
    [[nodiscard]] std::string answer(std::string_view frame, bool seal);

    [[nodiscard]] Stage& stage() noexcept { return stage_; }
    [[nodiscard]] const Address& sender() const noexcept { return key_.address(); }

    /// Before an event: a new block begins. After it: the block ends, the price is calm again, what was
    /// decided comes to nothing, everybody is looked at, and the way is rehearsed, as when the keeper has
    /// time. Returns the frame that calmed it.
    void begin();
    std::string recover(bool sealed);

  private:
    void rehearse();

    Stage& stage_;
    rpc::MessageReader reader_{1U << 20U};
    Log log_;  // of a frame that was no known shape
    signer::Key key_;
    signer::Policy policy_;
    signer::FeePolicy fees_;
    signer::Rehearsal rehearsal_;
};

/// HotPath::answer under a name that a profiler finds.
[[nodiscard]] std::string measured_event(HotPath& path, std::string_view frame, bool seal);

}  // namespace plimsoll::bench
