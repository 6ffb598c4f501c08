// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace plimsoll::bench {

/// What nobody who signs after the event can do without: simdjson over the frame and one recoverable
/// signature of libsecp256k1, both bare.
class Limit {
  public:
    Limit();
    ~Limit();
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

    /// `frame` has its text in the first `size` bytes and simdjson's padding behind. Throws if it is not
    /// JSON.
    void parse(const std::string& frame, std::size_t size);
    void sign();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace plimsoll::bench
