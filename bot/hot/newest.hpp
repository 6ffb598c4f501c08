// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace plimsoll::bot {

/// A value on its way from one thread to one other, of which only the newest is of use. Nobody waits.
template <class T>
class Newest {
  public:
    Newest() = default;
    Newest(const Newest&) = delete;
    Newest& operator=(const Newest&) = delete;
    ~Newest() { static_cast<void>(take()); }

    /// Of the writing thread: in place of what was not taken.
    void put(T value) {
        auto next = std::make_unique<T>(std::move(value));
        const std::unique_ptr<T> old{slot_.exchange(next.release(), std::memory_order_acq_rel)};
    }
    /// Of the reading thread: null if there is none since the last.
    [[nodiscard]] std::unique_ptr<T> take() {
        return std::unique_ptr<T>{slot_.exchange(nullptr, std::memory_order_acq_rel)};
    }

  private:
    std::atomic<T*> slot_{nullptr};
};

}  // namespace plimsoll::bot
