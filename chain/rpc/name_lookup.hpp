// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/bell.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::rpc {

/// Where a host is. Asked on a thread of its own, as the system's way of asking blocks and cannot be
/// interrupted: one that hangs holds up neither another one nor the program's end. Asio's own asks for all
/// one after the other, and not at all for a loop that takes no locks.
class NameLookup {
  public:
    using Found = std::vector<boost::asio::ip::tcp::endpoint>;
    using Done = std::function<void(const boost::system::error_code&, Found&&)>;

    explicit NameLookup(boost::asio::any_io_executor executor) : executor_{std::move(executor)} {}
    /// Used once. `done` is called once, later, on the loop: with an error after `cancel`. Until then the
    /// lookup must stay.
    void begin(std::string host, std::string port, Done done);
    void cancel();

  private:
    boost::asio::any_io_executor executor_;
    std::optional<async::Bell> bell_;
};

}  // namespace plimsoll::rpc
