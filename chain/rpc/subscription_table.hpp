// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "chain/rpc/reply.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

/// A frame that came before the answer that names its subscription.
struct HeldFrame {
    std::string text;
    ReceiveTime received;
};

/// The subscriptions of one connection: the node's ids onto our numbers, which are unique across connections.
/// A node may notify before it has answered the subscribe request, so while one is unanswered, foreign frames
/// are held, within bounds.
class SubscriptionTable {
  public:
    struct Entry {
        std::uint32_t number{};
        SubscriptionKind kind{};
        std::string id;  // the node's
    };

    /// A subscribe request is on its way.
    void expect() noexcept { ++expected_; }
    /// It failed.
    void give_up() noexcept;
    /// It succeeded: our number for it. Frames held for it are due now.
    std::uint32_t confirm(std::string id, SubscriptionKind kind);
    /// What was held for this id, in order.
    [[nodiscard]] std::vector<HeldFrame> take_held(std::string_view id);
    /// True if the frame is held; false if nobody expects it, or there is no room.
    bool hold(std::string_view id, std::string_view frame, ReceiveTime received);

    [[nodiscard]] const Entry* find(std::string_view id) const noexcept;
    [[nodiscard]] const Entry* find(std::uint32_t number) const noexcept;
    void remove(std::uint32_t number);
    /// A new connection knows none of them.
    void clear();

  private:
    struct Held {
        std::string id;
        HeldFrame frame;
    };

    void drop_held_if_none_expected();

    std::vector<Entry> entries_;
    std::vector<Held> held_;
    std::size_t held_bytes_ = 0;
    std::size_t expected_ = 0;
    std::uint32_t last_number_ = 0;
};

}  // namespace plimsoll::rpc
