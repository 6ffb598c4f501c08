// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/goals/hot_path.hpp"

#include <functional>
#include <memory>
#include <string>

namespace plimsoll::bench {

/// A HotPath behind the product's WebSocket, on a thread of its own as in the keeper: it sleeps until a frame
/// comes.
class Keeper {
  public:
    /// Connects to `url` and stays until it is destroyed.
    Keeper(HotPath& path, const std::string& url);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// Does `work` on the keeper's thread, with nothing else under way there. What it throws is thrown.
    void aside(const std::function<void()>& work);
    /// From the frame's arrival in the keeper until the send returned, of the newest frame, in nanoseconds.
    [[nodiscard]] double newest() const noexcept;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace plimsoll::bench
