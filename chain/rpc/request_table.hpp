// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/reply.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace plimsoll::rpc {

/// Who waits for an answer. It is told exactly once, unless it abandons the request.
class Waiter {
  public:
    virtual ~Waiter() = default;
    virtual void answered(Answer&& answer, ReceiveTime received) = 0;
};

enum class Arrival { matched, late, duplicate, foreign };

/// The requests in flight on one connection. Ids count up from 1 and are never used again.
class RequestTable {
  public:
    explicit RequestTable(std::size_t max_in_flight) noexcept : max_in_flight_{max_in_flight} {}

    [[nodiscard]] RequestId next_id() noexcept { return ++last_id_; }
    /// Errc::limit_exceeded when too many are in flight. The waiter must stay until it is told or abandons.
    [[nodiscard]] Result<void> open(RequestId id, Method method, Waiter& waiter);
    [[nodiscard]] std::optional<Method> method_of(RequestId id) const;
    /// Tells the waiter, if there is one.
    Arrival resolve(RequestId id, Answer&& answer, ReceiveTime received);
    /// The waiter's deadline passed or it was cancelled; a later answer is `late`.
    void abandon(RequestId id);
    /// The connection is gone: tells everybody.
    void fail_all(const RequestError& error);
    [[nodiscard]] std::size_t in_flight() const noexcept { return open_.size(); }

  private:
    struct Open {
        Method method;
        Waiter* waiter;
    };

    std::size_t max_in_flight_;
    RequestId last_id_ = 0;
    std::unordered_map<RequestId, Open> open_;
    std::array<RequestId, 256> abandoned_{};  // a ring: whose answers are late and not duplicate
    std::size_t abandoned_next_ = 0;
};

}  // namespace plimsoll::rpc
