// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/rpc/byte_stream.hpp"
#include "chain/rpc/tls_params.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>

namespace plimsoll::rpc {

/// What TLS connections of one endpoint have in common: TLS 1.2 at least, certificates verified against the
/// authorities.
class TlsContext {
  public:
    /// Errc::config_invalid if the file cannot be read or holds no certificate.
    [[nodiscard]] static Result<std::shared_ptr<TlsContext>> make(const TlsParams& params);
    virtual ~TlsContext() = default;

    using Done = std::function<void(Result<std::shared_ptr<Channel>>)>;
    /// The handshake as a client of `host`, a name or a literal address, which the certificate must be for.
    /// `done` is called once, with Errc::refused for a certificate that is not believed (the text says why)
    /// and Errc::disconnected for all else; close() of the returned channel ends it early.
    [[nodiscard]] virtual std::shared_ptr<Channel> handshake(boost::asio::ip::tcp::socket socket,
                                                             const std::string& host, Done done) = 0;
};

}  // namespace plimsoll::rpc
