// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/log_shapes.hpp"

#include <utility>

namespace plimsoll::rpc {

/// Sizes differ by multiples of 64 and a few digits; a product spreads both.
std::size_t LogShapes::set_of(std::size_t size) noexcept {
    constexpr std::uint32_t kGolden = 2654435769U;
    constexpr unsigned kShift = 27;
    static_assert(kSets == std::size_t{1} << (32U - kShift));
    return (static_cast<std::uint32_t>(size) * kGolden) >> kShift;
}

const LogShape* LogShapes::read(std::string_view frame, Log& out) const noexcept {
    for (const std::optional<LogShape>& shape : sets_[set_of(frame.size())].shapes) {
        if (shape && shape->size() == frame.size() && shape->read(frame, out)) return &*shape;
    }
    return nullptr;
}

bool LogShapes::wants(std::string_view frame) noexcept {
    constexpr std::uint32_t kPatience = 8;
    Set& set = sets_[set_of(frame.size())];
    if (set.next >= kWays && ++set.misses < kPatience) return false;
    set.misses = 0;
    Log known;
    return read(frame, known) == nullptr;
}

void LogShapes::learn(std::string_view frame, const LogPlaces& places, const Log& log) {
    std::optional<LogShape> shape = LogShape::of(frame, places, log);
    if (!shape) return;
    Set& set = sets_[set_of(frame.size())];
    set.shapes[set.next % kWays] = std::move(shape);
    ++set.next;
}

}  // namespace plimsoll::rpc
