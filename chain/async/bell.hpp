// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace plimsoll::async {

/// Rung by any thread and heard by one event loop, which nobody else touches: for loops that take no locks.
class Bell {
    struct Wire;

  public:
    /// What rings it; of any thread, and may outlive it.
    class Rope {
      public:
        /// What was written before is seen by whoever hears it.
        void pull() const noexcept;

      private:
        friend class Bell;
        explicit Rope(std::shared_ptr<Wire> wire) : wire_{std::move(wire)} {}
        std::shared_ptr<Wire> wire_;
    };

    /// Throws std::system_error where no descriptor is to be had.
    explicit Bell(const asio::any_io_executor& executor);

    [[nodiscard]] Rope rope() const { return Rope{wire_}; }
    /// Calls `heard` once, later: when it was rung since the last time, or with an error after `close`. Until
    /// then the bell must stay.
    void wait(std::function<void(const boost::system::error_code&)> heard);
    void close();

  private:
    std::shared_ptr<Wire> wire_;
    asio::posix::stream_descriptor ear_;
    std::uint64_t pulls_ = 0;
};

}  // namespace plimsoll::async
