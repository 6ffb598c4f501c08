// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/message_reader.hpp"
#include "chain/rpc/transport.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <utility>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

class WsTransport final : public Transport, public std::enable_shared_from_this<WsTransport> {
  public:
    WsTransport(asio::any_io_executor executor, TransportParams params)
        : params_{std::move(params)},
          name_{to_string(params_.url)},
          resolver_{executor},
          stream_{std::move(executor)} {}

    void open(TransportSink& sink) override;
    void send(std::string frame, RequestId request) override;
    void close() override;

  private:
    void on_resolved(const asio::ip::tcp::resolver::results_type& addresses);
    void on_connected();
    void read_next();
    void on_read(const error_code& error);
    void write_next();
    void failed(const char* step, const error_code& error);

    TransportParams params_;
    std::string name_;
    TransportSink* sink_ = nullptr;
    asio::ip::tcp::resolver resolver_;
    websocket::stream<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;  // the front is being written
    bool writing_ = false;
};

void WsTransport::open(TransportSink& sink) {
    sink_ = &sink;
    // The lookup itself cannot be interrupted; whoever waits for us has a deadline of its own.
    resolver_.async_resolve(params_.url.host, params_.url.port,
                            [self = shared_from_this()](const error_code& error, const auto& addresses) {
                                if (self->sink_ == nullptr) return;
                                if (error) return self->failed("look up", error);
                                self->on_resolved(addresses);
                            });
}

void WsTransport::on_resolved(const asio::ip::tcp::resolver::results_type& addresses) {
    auto& socket = beast::get_lowest_layer(stream_);
    socket.expires_after(params_.connect_timeout);
    socket.async_connect(addresses, [self = shared_from_this()](const error_code& error, const auto&) {
        if (self->sink_ == nullptr) return;
        if (error) return self->failed("connect to", error);
        self->on_connected();
    });
}

void WsTransport::on_connected() {
    auto& socket = beast::get_lowest_layer(stream_);
    socket.expires_never();  // the WebSocket's own timeouts take over
    socket.socket().set_option(asio::ip::tcp::no_delay{true});
    websocket::stream_base::timeout timeout{params_.connect_timeout, params_.idle_timeout, true};
    stream_.set_option(timeout);
    stream_.set_option(websocket::stream_base::decorator{[this](websocket::request_type& request) {
        request.set(beast::http::field::user_agent, "plimsoll");
        if (!params_.url.authorization.empty()) {
            request.set(beast::http::field::authorization, params_.url.authorization);
        }
    }});
    stream_.read_message_max(params_.max_message);
    stream_.auto_fragment(false);
    stream_.write_buffer_bytes(std::size_t{64} << 10U);  // masking copies: a transaction must fit one write
    const std::string host = params_.url.host + ':' + params_.url.port;
    stream_.async_handshake(host, params_.url.target, [self = shared_from_this()](const error_code& error) {
        if (self->sink_ == nullptr) return;
        if (error) return self->failed("upgrade", error);
        self->sink_->on_opened();
        self->read_next();
    });
}

void WsTransport::read_next() {
    if (sink_ == nullptr) return;
    stream_.async_read(
        buffer_, [self = shared_from_this()](const error_code& error, std::size_t) { self->on_read(error); });
}

void WsTransport::on_read(const error_code& error) {
    if (sink_ == nullptr) return;
    if (error) return failed("read from", error);
    Arrived arrived;
    arrived.received = ReceiveTime{std::chrono::steady_clock::now().time_since_epoch().count()};
    buffer_.prepare(
        kFramePadding);  // readable room behind the message; it stays, so this seldom moves anything
    const auto data = buffer_.cdata();
    arrived.frame = {static_cast<const char*>(data.data()), data.size()};
    sink_->on_frame(arrived);
    buffer_.consume(buffer_.size());
    read_next();
}

void WsTransport::send(std::string frame, RequestId) {
    queue_.push_back(std::move(frame));
    if (!writing_) write_next();
}

void WsTransport::write_next() {
    if (sink_ == nullptr || queue_.empty()) return;
    writing_ = true;
    stream_.text(true);
    // Starting the operation also tries the socket, so an idle connection sends before this returns.
    stream_.async_write(asio::buffer(queue_.front()),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->writing_ = false;
                            if (self->sink_ == nullptr) return;
                            if (error) return self->failed("write to", error);
                            self->queue_.pop_front();
                            self->write_next();
                        });
}

void WsTransport::failed(const char* step, const error_code& error) {
    Error out{Errc::disconnected, std::string{step} + ' ' + name_ + ": " + error.message()};
    if (error == websocket::error::closed) {
        const auto& reason = stream_.reason();
        out.context = name_ + " closed the connection: " + std::to_string(reason.code) + ' ' +
                      printable({reason.reason.data(), reason.reason.size()}, 200);
    } else if (error == beast::error::timeout) {
        out.code = Errc::timed_out;
    } else if (error == websocket::error::message_too_big) {
        out.code = Errc::limit_exceeded;
    }
    TransportSink* const sink = std::exchange(sink_, nullptr);
    close();
    sink->on_closed(std::move(out));
}

void WsTransport::close() {
    sink_ = nullptr;
    resolver_.cancel();
    beast::get_lowest_layer(stream_).close();
}

}  // namespace

std::shared_ptr<Transport> make_ws_transport(boost::asio::any_io_executor executor, TransportParams params) {
    return std::make_shared<WsTransport>(std::move(executor), std::move(params));
}

}  // namespace plimsoll::rpc
