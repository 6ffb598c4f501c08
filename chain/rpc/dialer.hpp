// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/byte_stream.hpp"
#include "chain/rpc/tls.hpp"
#include "chain/rpc/transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::rpc {

class Dialling;

/// Opens connections to one host: looks it up, connects, and makes the TLS handshake where the scheme wants
/// one.
class Dialer {
  public:
    /// `params` must outlive it.
    Dialer(boost::asio::any_io_executor executor, const TransportParams& params);
    Dialer(const Dialer&) = delete;
    Dialer& operator=(const Dialer&) = delete;
    ~Dialer();

    using Done = std::function<void(Result<ByteStream>)>;
    /// `done` is called once, later, and within the connect timeout; not after cancel(). The error says which
    /// step failed.
    void dial(Done done);
    /// Ends every attempt that is under way.
    void cancel();

  private:
    friend class Dialling;

    boost::asio::any_io_executor executor_;
    const TransportParams& params_;
    std::string name_;
    std::optional<Result<std::shared_ptr<TlsContext>>> tls_;  // made at the first attempt
    std::vector<boost::asio::ip::tcp::endpoint> addresses_;   // of the last lookup that led somewhere
    std::vector<std::weak_ptr<Dialling>> active_;
};

}  // namespace plimsoll::rpc
