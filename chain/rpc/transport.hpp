// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/http_header.hpp"
#include "chain/rpc/reply.hpp"
#include "chain/rpc/tls_params.hpp"
#include "chain/rpc/url.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

/// A message as it came. The text is followed by kFramePadding readable bytes and valid during the call only.
struct Arrived {
    std::string_view frame;
    ReceiveTime received;
    RequestId asked{};  // over HTTP: the request that this body answers; 0 over all else
    unsigned status{};  // over HTTP: the status
    std::optional<std::chrono::milliseconds> retry_after;  // over HTTP: its Retry-After
};

/// Whom a transport tells. Everything happens on the executor's thread.
class TransportSink {
  public:
    virtual ~TransportSink() = default;
    virtual void on_opened() = 0;
    virtual void on_frame(const Arrived& arrived) = 0;
    /// Over HTTP: this exchange failed, the connection as such did not.
    virtual void on_failed(RequestId request, RequestError&& error) = 0;
    /// The server said why it takes no connection, or ends one; on_closed follows.
    virtual void on_turned_away(RequestError&& why) { static_cast<void>(why); }
    /// It could not be opened, or is gone. Told at most once; nothing follows.
    virtual void on_closed(Error&& error) = 0;
};

struct TransportParams {
    Url url;
    std::vector<HttpHeader> headers;              // beside our own; not over ipc
    TlsParams tls;                                // for wss and https
    std::chrono::milliseconds connect_timeout{};  // from the lookup to the end of the TLS handshake
    std::chrono::milliseconds request_timeout{};  // of one HTTP exchange
    std::chrono::milliseconds idle_timeout{};     // WebSocket: a ping after half of it, dead after all of it
    std::size_t max_message{};
    std::function<HttpHeader(std::string_view body)>
        sign_body;  // over http(s): a header for each body, or none
};

/// Moves messages over one connection. Used once: to connect again, make another.
class Transport {
  public:
    virtual ~Transport() = default;
    /// The sink must stay until close() or on_closed().
    virtual void open(TransportSink& sink) = 0;
    /// Takes the bytes at once if nothing else is being written. Only after on_opened().
    virtual void send(std::string frame, RequestId request) = 0;
    /// Drops the connection; the sink hears nothing any more.
    virtual void close() = 0;
};

// Shared, because operations that the kernel has not finished keep a transport alive after its owner let it
// go.
[[nodiscard]] std::shared_ptr<Transport> make_ws_transport(boost::asio::any_io_executor executor,
                                                           TransportParams params);
[[nodiscard]] std::shared_ptr<Transport> make_http_transport(boost::asio::any_io_executor executor,
                                                             TransportParams params);
[[nodiscard]] std::shared_ptr<Transport> make_ipc_transport(boost::asio::any_io_executor executor,
                                                            TransportParams params);
/// The one that the URL's scheme names.
[[nodiscard]] std::shared_ptr<Transport> make_transport(boost::asio::any_io_executor executor,
                                                        TransportParams params);

/// Text from outside, for people: printable, at most `limit` characters.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit);
/// What an HTTP status means when the body says nothing.
[[nodiscard]] RequestError status_error(unsigned status, std::string_view what);
/// What the code and reason of a WebSocket close frame mean (RFC 6455, 7.4).
[[nodiscard]] RequestError close_error(unsigned code, std::string_view reason);

}  // namespace plimsoll::rpc
