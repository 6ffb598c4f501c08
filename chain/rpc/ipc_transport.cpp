// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/json_framer.hpp"
#include "chain/rpc/message_reader.hpp"
#include "chain/rpc/transport.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t kReadSize = std::size_t{64} << 10U;

/// A node's Unix socket: JSON messages one after the other in both directions, subscriptions included.
class IpcTransport final : public Transport, public std::enable_shared_from_this<IpcTransport> {
  public:
    IpcTransport(const asio::any_io_executor& executor, TransportParams params)
        : params_{std::move(params)},
          name_{to_string(params_.url)},
          socket_{executor},
          framer_{params_.max_message} {}

    void open(TransportSink& sink) override;
    void send(std::string frame, RequestId request) override;
    void close() override;

  private:
    void read_next();
    void on_read(const error_code& error, std::size_t size);
    void take_frames();
    void write_next();
    void failed(const char* step, Errc code, const std::string& why);

    TransportParams params_;
    std::string name_;
    TransportSink* sink_ = nullptr;
    stream_protocol::socket socket_;
    JsonFramer framer_;
    std::vector<char> buffer_;  // `filled_` bytes that came, then room
    std::size_t filled_ = 0;
    std::deque<std::string> queue_;  // the front is being written
    bool writing_ = false;
};

void IpcTransport::open(TransportSink& sink) {
    sink_ = &sink;
    // The kernel connects or refuses at once; whoever waits for us has a deadline of its own.
    socket_.async_connect(stream_protocol::endpoint{params_.url.target},
                          [self = shared_from_this()](const error_code& error) {
                              if (self->sink_ == nullptr) return;
                              if (error)
                                  return self->failed("connect to", Errc::disconnected, error.message());
                              self->sink_->on_opened();
                              self->read_next();
                          });
}

void IpcTransport::read_next() {
    if (sink_ == nullptr) return;
    if (buffer_.size() - filled_ < kReadSize + kFramePadding)
        buffer_.resize(std::max(2 * buffer_.size(), filled_ + kReadSize + kFramePadding));
    const std::size_t room = buffer_.size() - filled_ - kFramePadding;
    socket_.async_read_some(asio::buffer(buffer_.data() + filled_, room),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                                self->on_read(error, size);
                            });
}

void IpcTransport::on_read(const error_code& error, std::size_t size) {
    if (sink_ == nullptr) return;
    if (error) return failed("read from", Errc::disconnected, error.message());
    filled_ += size;
    take_frames();
    read_next();
}

void IpcTransport::take_frames() {
    Arrived arrived;
    arrived.received = ReceiveTime{std::chrono::steady_clock::now().time_since_epoch().count()};
    std::size_t done = 0;
    while (sink_ != nullptr) {
        const std::string_view rest{buffer_.data() + done, filled_ - done};
        const auto frame = framer_.next(rest);
        if (!frame) return failed("read from", frame.error().code, frame.error().context);
        if (!*frame) break;
        arrived.frame = rest.substr((*frame)->begin, (*frame)->end - (*frame)->begin);
        sink_->on_frame(arrived);
        done += (*frame)->end;
    }
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(done),
              buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
    filled_ -= done;
}

void IpcTransport::send(std::string frame, RequestId) {
    frame += '\n';
    queue_.push_back(std::move(frame));
    if (!writing_) write_next();
}

void IpcTransport::write_next() {
    if (sink_ == nullptr || queue_.empty()) return;
    writing_ = true;
    asio::async_write(socket_, asio::buffer(queue_.front()),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                          self->writing_ = false;
                          if (self->sink_ == nullptr) return;
                          if (error) return self->failed("write to", Errc::disconnected, error.message());
                          self->queue_.pop_front();
                          self->write_next();
                      });
}

void IpcTransport::failed(const char* step, Errc code, const std::string& why) {
    TransportSink* const sink = std::exchange(sink_, nullptr);
    close();
    sink->on_closed(Error{code, std::string{step} + ' ' + name_ + ": " + why});
}

void IpcTransport::close() {
    sink_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace

std::shared_ptr<Transport> make_ipc_transport(boost::asio::any_io_executor executor, TransportParams params) {
    return std::make_shared<IpcTransport>(executor, std::move(params));
}

}  // namespace plimsoll::rpc
