// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/byte_stream.hpp"
#include "chain/rpc/dialer.hpp"
#include "chain/rpc/message_reader.hpp"
#include "chain/rpc/retry_hint.hpp"
#include "chain/rpc/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstring>
#include <deque>
#include <optional>
#include <utility>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

std::string_view text_of(beast::string_view text) {
    return {text.data(), text.size()};
}

class WsTransport final : public Transport, public std::enable_shared_from_this<WsTransport> {
  public:
    WsTransport(const asio::any_io_executor& executor, TransportParams params)
        : params_{std::move(params)}, name_{to_string(params_.url)}, dialer_{executor, params_} {}

    void open(TransportSink& sink) override;
    void send(std::string frame, RequestId request) override;
    void close() override;

  private:
    void upgrade(ByteStream connection);
    void decorate(websocket::request_type& request) const;
    void on_upgraded(const error_code& error);
    void read_next();
    void on_read(const error_code& error);
    void write(std::string frame);
    void on_written(const error_code& error);
    void failed(const char* step, const error_code& error);
    void ended(Error&& error);

    TransportParams params_;
    std::string name_;
    TransportSink* sink_ = nullptr;
    Dialer dialer_;
    std::optional<websocket::stream<ByteStream>> stream_;  // once connected
    websocket::response_type answer_;                      // to the upgrade
    beast::flat_buffer buffer_;
    std::string written_;  // apart from the queue, so that an idle connection sends without allocating
    std::deque<std::string> queue_;
    bool writing_ = false;
};

void WsTransport::open(TransportSink& sink) {
    sink_ = &sink;
    dialer_.dial([self = shared_from_this()](Result<ByteStream> connection) {
        if (self->sink_ == nullptr) return;
        if (!connection) return self->ended(std::move(connection).error());
        self->upgrade(*std::move(connection));
    });
}

void WsTransport::decorate(websocket::request_type& request) const {
    request.set(beast::http::field::user_agent, "plimsoll");
    if (!params_.url.authorization.empty())
        request.set(beast::http::field::authorization, params_.url.authorization);
    for (const HttpHeader& header : params_.headers)
        request.set(header.name, header.value);
}

void WsTransport::upgrade(ByteStream connection) {
    stream_.emplace(std::move(connection));
    stream_->set_option(websocket::stream_base::timeout{params_.connect_timeout, params_.idle_timeout, true});
    stream_->set_option(
        websocket::stream_base::decorator{[this](websocket::request_type& request) { decorate(request); }});
    stream_->read_message_max(params_.max_message);
    stream_->auto_fragment(false);
    stream_->write_buffer_bytes(std::size_t{64} << 10U);  // masking copies: a transaction must fit one write
    stream_->async_handshake(answer_, host_header(params_.url), params_.url.target,
                             [self = shared_from_this()](const error_code& error) {
                                 if (self->sink_ != nullptr) self->on_upgraded(error);
                             });
}

void WsTransport::on_upgraded(const error_code& error) {
    if (error == websocket::error::upgrade_declined) {
        const std::string status = std::to_string(answer_.result_int());
        RequestError why = status_error(answer_.result_int(), printable(answer_.body(), 200));
        why.retry_after = retry_hint::in_header(text_of(answer_[beast::http::field::retry_after]),
                                                text_of(answer_[beast::http::field::date]));
        sink_->on_turned_away(std::move(why));
        return ended(Error{Errc::disconnected, "upgrade " + name_ + ": the server answered HTTP " + status});
    }
    if (error) return failed("upgrade", error);
    sink_->on_opened();
    read_next();
}

void WsTransport::read_next() {
    if (sink_ == nullptr) return;
    stream_->async_read(
        buffer_, [self = shared_from_this()](const error_code& error, std::size_t) { self->on_read(error); });
}

void WsTransport::on_read(const error_code& error) {
    if (sink_ == nullptr) return;
    if (error) return failed("read from", error);
    Arrived arrived;
    arrived.received = ReceiveTime{std::chrono::steady_clock::now().time_since_epoch().count()};
    // Readable room behind the message; it stays, so this seldom moves anything. What an older one left there
    // must not complete this one.
    const auto room = buffer_.prepare(kFramePadding);
    std::memset(room.data(), ' ', room.size());
    const auto data = buffer_.cdata();
    arrived.frame = {static_cast<const char*>(data.data()), data.size()};
    sink_->on_frame(arrived);
    buffer_.consume(buffer_.size());
    read_next();
}

void WsTransport::send(std::string frame, RequestId) {
    if (writing_) return queue_.push_back(std::move(frame));
    write(std::move(frame));
}

void WsTransport::write(std::string frame) {
    if (sink_ == nullptr) return;
    writing_ = true;
    written_ = std::move(frame);
    stream_->text(true);
    // Starting the operation also tries the socket, so an idle connection sends before this returns.
    stream_->async_write(
        asio::buffer(written_),
        [self = shared_from_this()](const error_code& error, std::size_t) { self->on_written(error); });
}

void WsTransport::on_written(const error_code& error) {
    writing_ = false;
    if (sink_ == nullptr) return;
    if (error) return failed("write to", error);
    if (queue_.empty()) return;
    std::string next = std::move(queue_.front());
    queue_.pop_front();
    write(std::move(next));
}

void WsTransport::failed(const char* step, const error_code& error) {
    Error out{Errc::disconnected, std::string{step} + ' ' + name_ + ": " + error.message()};
    if (error == websocket::error::closed) {
        const auto& reason = stream_->reason();
        out.context = name_ + " closed the connection: " + std::to_string(reason.code) + ' ' +
                      printable({reason.reason.data(), reason.reason.size()}, 200);
        sink_->on_turned_away(close_error(reason.code, {reason.reason.data(), reason.reason.size()}));
    } else if (error == beast::error::timeout) {
        out.code = Errc::timed_out;
    } else if (error == websocket::error::message_too_big) {
        out.code = Errc::limit_exceeded;
    }
    ended(std::move(out));
}

void WsTransport::ended(Error&& error) {
    TransportSink* const sink = std::exchange(sink_, nullptr);
    close();
    sink->on_closed(std::move(error));
}

void WsTransport::close() {
    sink_ = nullptr;
    dialer_.cancel();
    if (stream_) stream_->next_layer().close();
}

}  // namespace

std::shared_ptr<Transport> make_ws_transport(boost::asio::any_io_executor executor, TransportParams params) {
    return std::make_shared<WsTransport>(executor, std::move(params));
}

}  // namespace plimsoll::rpc
