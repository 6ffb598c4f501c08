// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/request_table.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::rpc {

Result<void> RequestTable::open(RequestId id, Method method, Waiter& waiter) {
    if (open_.size() >= max_in_flight_) {
        return fail(Errc::limit_exceeded, std::to_string(open_.size()) + " requests in flight");
    }
    open_.emplace(id, Open{method, &waiter});
    return {};
}

std::optional<Method> RequestTable::method_of(RequestId id) const {
    const auto found = open_.find(id);
    if (found == open_.end()) return std::nullopt;
    return found->second.method;
}

Arrival RequestTable::resolve(RequestId id, Answer&& answer, ReceiveTime received) {
    const auto found = open_.find(id);
    if (found == open_.end()) {
        if (id == 0 || id > last_id_) return Arrival::foreign;
        const bool late = std::find(abandoned_.begin(), abandoned_.end(), id) != abandoned_.end();
        return late ? Arrival::late : Arrival::duplicate;
    }
    Waiter* const waiter = found->second.waiter;
    open_.erase(found);
    waiter->answered(std::move(answer), received);
    return Arrival::matched;
}

void RequestTable::abandon(RequestId id) {
    if (open_.erase(id) == 0) return;
    abandoned_[abandoned_next_] = id;
    abandoned_next_ = (abandoned_next_ + 1) % abandoned_.size();
}

void RequestTable::fail_all(const RequestError& error) {
    const auto everybody = std::exchange(open_, {});
    for (const auto& [id, entry] : everybody)
        entry.waiter->answered(tl::make_unexpected(error), ReceiveTime{});
}

}  // namespace plimsoll::rpc
