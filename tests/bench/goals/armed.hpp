// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/hot_gate.hpp"
#include "bot/hot/matcher.hpp"
#include "chain/rpc/message_reader.hpp"
#include "signer/keys/key.hpp"
#include "tests/bench/goals/frame_node.hpp"
#include "tests/bench/goals/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bench {

/// What a Stage's engine holds ready, signed, and the frame that sends the nearest of it.
class ArmedBook {
  public:
    /// Throws if the engine holds nothing ready.
    explicit ArmedBook(BytesView snapshot);

    /// A table of all of it, as the keeper makes it, for `ways` connections.
    [[nodiscard]] std::shared_ptr<bot::ArmedTable> table(std::size_t ways);
    /// The answer that sends the nearest one; another that sends nobody.
    [[nodiscard]] std::string sending_frame();
    [[nodiscard]] std::string quiet_frame();
    [[nodiscard]] const Address& sender() const noexcept { return key_.address(); }
    /// The account that the frame sends.
    [[nodiscard]] const Address& nearest() const { return by_ether().key.account; }

  private:
    [[nodiscard]] const strategy::Trigger& by_ether() const;

    Stage stage_;
    signer::Key key_;
    std::vector<Bytes> signed_;  // of each trigger
    std::uint32_t epoch_ = 0;
    std::uint64_t frames_ = 0;
};

/// The same classes between the connections: from a frame's bytes to what is handed to send().
class ArmedPath {
  public:
    explicit ArmedPath(ArmedBook& book);
    /// The next event finds all of it ready again.
    void prepare();
    /// Empty if nobody is sent.
    [[nodiscard]] std::string event(std::string_view frame);

  private:
    ArmedBook& book_;
    rpc::MessageReader reader_{1U << 20U};
    bot::Matcher matcher_;
    bot::HotGate gate_;
};

/// ArmedPath::event under a name that a profiler finds.
[[nodiscard]] std::string measured_armed_event(ArmedPath& path, std::string_view frame);

/// What became of armed events over the product's own connections and thread, in nanoseconds.
struct ArmedEvents {
    std::vector<double> in_program;  // from the frame in the program until its send returned
    std::vector<double> by_node;     // from before the node's send until the transaction was read
    std::uint64_t allocations{};     // the most of one event, on that thread until the send returned
    std::uint64_t locks{};
};

enum class Caches : bool { as_they_are, emptied };

/// `waits`: thread and node.
[[nodiscard]] ArmedEvents run_armed(ArmedBook& book, std::size_t rounds, Waits waits,
                                    Caches caches = Caches::as_they_are);

}  // namespace plimsoll::bench
