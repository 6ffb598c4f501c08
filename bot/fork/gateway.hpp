// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/json_rpc.hpp"
#include "chain/async/task.hpp"
#include "chain/async/task_group.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace plimsoll::bot {

/// Stands between a node that forks and its origin: an HTTP server on 127.0.0.1 that passes on what reads
/// (is_read_method) and refuses all else. The node never learns the origin's address, so no key in it shows
/// in a process list, and whatever reaches the origin for the node's sake has passed the list.
class Gateway {
  public:
    Gateway(boost::asio::any_io_executor executor, rpc::TransportParams origin);
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;
    ~Gateway();

    /// Takes a free port of 127.0.0.1.
    [[nodiscard]] Result<void> listen();
    /// "http://127.0.0.1:port", once it listens.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// Serves until cancelled.
    async::Task<void> run();

    /// What was passed on, by method, and how much was not.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& passed() const noexcept { return passed_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  private:
    struct Server;

    async::Task<void> accept();
    async::Task<std::string> reply_to(std::string body);

    JsonRpc origin_;
    async::TaskGroup sessions_;
    std::unique_ptr<Server> server_;
    std::string url_;
    std::map<std::string, std::uint64_t> passed_;
    std::uint64_t refused_ = 0;
};

}  // namespace plimsoll::bot
