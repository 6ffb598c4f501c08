// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <exception>
#include <list>

namespace plimsoll::async {

/// Tasks whose number is not known beforehand, owned by one member of a family. Nothing is fire and forget:
/// `run` ends only when it is cancelled or a child throws, and then cancels and awaits every child. The group
/// must outlive `run`.
class TaskGroup {
  public:
    explicit TaskGroup(asio::any_io_executor executor);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup() = default;

    /// Starts the task at once. After a failure or a cancellation, tasks are dropped unstarted.
    void spawn(Task<void> task);
    Task<void> run();
    [[nodiscard]] std::size_t active() const noexcept { return active_; }

  private:
    struct Child {
        asio::cancellation_signal signal;
        bool done = false;
    };

    void finished(Child& child, std::exception_ptr failure);
    void cancel_all();

    asio::any_io_executor executor_;
    asio::steady_timer changed_;
    std::list<Child> children_;
    std::size_t active_ = 0;
    bool closed_ = false;
    std::exception_ptr failure_;
};

}  // namespace plimsoll::async
