// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/experimental/parallel_group.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace plimsoll::async {

/// Runs the tasks as one family: the first to finish or fail ends it; the others are cancelled and awaited.
/// Rethrows what the first one threw.
Task<void> all_of(std::vector<Task<void>> family);

template <class... Tasks>
Task<void> all_of(Task<void> first, Tasks... others) {
    std::vector<Task<void>> family;
    family.push_back(std::move(first));
    (family.push_back(std::move(others)), ...);
    return all_of(std::move(family));
}

}  // namespace plimsoll::async
