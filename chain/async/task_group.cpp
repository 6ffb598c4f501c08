// SPDX-License-Identifier: Apache-2.0
#include "chain/async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <utility>

namespace plimsoll::async {

namespace {

constexpr std::size_t kFewChildren = 16;

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : executor_{std::move(executor)}, changed_{executor_, asio::steady_timer::time_point::max()} {}

void TaskGroup::spawn(Task<void> task) {
    if (closed_) return;
    // A child's signal may be on the stack when the child ends, so finished children are swept here and not
    // there. When there are as many of them as of the others, so that many spawns cost no more than few.
    if (children_.size() >= 2 * active_ + kFewChildren)
        children_.remove_if([](const Child& child) { return child.done; });
    Child& child = children_.emplace_back();
    ++active_;
    auto on_end = [this, &child](std::exception_ptr failure) { finished(child, std::move(failure)); };
    asio::co_spawn(executor_, std::move(task),
                   asio::bind_cancellation_slot(child.signal.slot(), std::move(on_end)));
}

void TaskGroup::finished(Child& child, std::exception_ptr failure) {
    child.done = true;
    --active_;
    if (failure && !failure_ && !closed_) failure_ = std::move(failure);
    if (failure_ || (closed_ && active_ == 0)) changed_.cancel();
}

void TaskGroup::cancel_all() {
    closed_ = true;
    for (Child& child : children_) {
        if (!child.done) child.signal.emit(asio::cancellation_type::terminal);
    }
}

Task<void> TaskGroup::run() {
    if (!failure_) {
        auto [error] = co_await changed_.async_wait(use_tuple);
        static_cast<void>(error);
    }
    // Whether a child failed or this task was cancelled: from here on the children must be awaited
    // undisturbed.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    cancel_all();
    while (active_ != 0) {
        changed_.expires_at(asio::steady_timer::time_point::max());
        auto [error] = co_await changed_.async_wait(use_tuple);
        static_cast<void>(error);
    }
    if (failure_) std::rethrow_exception(failure_);
}

}  // namespace plimsoll::async
