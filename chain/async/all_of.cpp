// SPDX-License-Identifier: Apache-2.0
#include "chain/async/all_of.hpp"

namespace plimsoll::async {

Task<void> all_of(std::vector<Task<void>> family) {
    auto executor = co_await asio::this_coro::executor;
    using Operation = decltype(asio::co_spawn(executor, std::declval<Task<void>>(), asio::deferred));
    std::vector<Operation> operations;
    operations.reserve(family.size());
    for (auto& task : family)
        operations.push_back(asio::co_spawn(executor, std::move(task), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    auto [order, failures] = co_await group.async_wait(asio::experimental::wait_for_one(), use_task);
    if (failures[order.front()]) std::rethrow_exception(failures[order.front()]);
}

}  // namespace plimsoll::async
