// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/message_reader.hpp"

#include <string>
#include <string_view>

namespace plimsoll::rpc {

/// A frame with exactly the readable bytes behind it that the reader may count on.
class Padded {
  public:
    explicit Padded(std::string text) : size_{text.size()}, text_{std::move(text)} {
        text_.resize(size_ + kFramePadding, '}');
    }
    [[nodiscard]] std::string_view frame() const noexcept { return std::string_view{text_}.substr(0, size_); }

  private:
    std::size_t size_;
    std::string text_;
};

/// Knows one open request, and two subscriptions: "0xh" to heads and "0xl" to logs.
class OneRequest final : public MessageContext {
  public:
    OneRequest() = default;
    OneRequest(RequestId id, Method method) : id_{id}, method_{method} {}
    [[nodiscard]] std::optional<Method> method_of(RequestId id) const override {
        if (id_ != 0 && id == id_) return method_;
        return std::nullopt;
    }
    [[nodiscard]] SubscriptionKind kind_of(std::string_view subscription) const override {
        if (subscription == heads) return SubscriptionKind::heads;
        if (subscription == logs) return SubscriptionKind::logs;
        if (subscription == pending) return SubscriptionKind::pending;
        return SubscriptionKind::unknown;
    }
    std::string heads = "0xh";
    std::string logs = "0xl";
    std::string pending = "0xp";

  private:
    RequestId id_ = 0;
    Method method_{};
};

}  // namespace plimsoll::rpc
