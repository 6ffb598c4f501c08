// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/dialer.hpp"

#include "chain/rpc/name_lookup.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class TcpChannel final : public Channel {
  public:
    explicit TcpChannel(tcp::socket socket) : socket_{std::move(socket)} {}
    void read_some(const Pieces<asio::mutable_buffer>& into, IoHandler done) override {
        socket_.async_read_some(into, std::move(done));
    }
    void write_some(const Pieces<asio::const_buffer>& from, IoHandler done) override {
        socket_.async_write_some(from, std::move(done));
    }
    void close() override {
        error_code ignored;
        socket_.close(ignored);
    }

  private:
    tcp::socket socket_;
};

}  // namespace

/// One attempt. Ends with a connection, an error, the deadline, or cancel(), whichever comes first.
class Dialling : public std::enable_shared_from_this<Dialling> {
  public:
    Dialling(Dialer& dialer, Dialer::Done done)
        : dialer_{&dialer},
          done_{std::move(done)},
          lookup_{dialer.executor_},
          socket_{dialer.executor_},
          deadline_{dialer.executor_} {}

    void start();
    void cancel();

  private:
    void look_up();
    void connect(std::vector<tcp::endpoint> addresses);
    void connected();
    void secure();
    void finish(Result<ByteStream> result);
    void fail_with(const char* step, Errc code, const std::string& why);

    Dialer* dialer_;  // null once it is over
    Dialer::Done done_;
    NameLookup lookup_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    std::shared_ptr<Channel> securing_;
    const char* step_ = "look up";
};

void Dialling::start() {
    deadline_.expires_after(dialer_->params_.connect_timeout);
    deadline_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error && self->dialer_ != nullptr) self->fail_with(self->step_, Errc::timed_out, "timed out");
    });
    if (dialer_->addresses_.empty()) return look_up();
    connect(dialer_->addresses_);
}

void Dialling::look_up() {
    const Url& url = dialer_->params_.url;
    lookup_.begin(url.host, url.port,
                  [self = shared_from_this()](const error_code& error, NameLookup::Found&& found) {
                      if (self->dialer_ == nullptr) return;
                      if (error) return self->fail_with("look up", Errc::disconnected, error.message());
                      self->connect(std::move(found));
                  });
}

void Dialling::connect(std::vector<tcp::endpoint> addresses) {
    step_ = "connect to";
    dialer_->addresses_ = std::move(addresses);
    asio::async_connect(socket_, dialer_->addresses_,
                        [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
                            if (self->dialer_ == nullptr) return;
                            if (!error) return self->connected();
                            self->dialer_->addresses_.clear();  // it may have moved
                            self->fail_with("connect to", Errc::disconnected, error.message());
                        });
}

void Dialling::connected() {
    error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    if (is_encrypted(dialer_->params_.url.scheme)) return secure();
    finish(ByteStream{dialer_->executor_, std::make_shared<TcpChannel>(std::move(socket_))});
}

void Dialling::secure() {
    step_ = "TLS with";
    if (!dialer_->tls_) dialer_->tls_ = TlsContext::make(dialer_->params_.tls);
    const Result<std::shared_ptr<TlsContext>>& context = *dialer_->tls_;
    if (!context) return fail_with(step_, context.error().code, context.error().context);
    securing_ = (*context)->handshake(
        std::move(socket_), dialer_->params_.url.host,
        [self = shared_from_this()](Result<std::shared_ptr<Channel>> channel) {
            if (self->dialer_ == nullptr) return;
            if (!channel) return self->fail_with("TLS with", channel.error().code, channel.error().context);
            self->finish(ByteStream{self->dialer_->executor_, *std::move(channel)});
        });
}

void Dialling::fail_with(const char* step, Errc code, const std::string& why) {
    finish(fail(code, std::string{step} + ' ' + dialer_->name_ + ": " + why));
}

void Dialling::finish(Result<ByteStream> result) {
    const auto self = shared_from_this();
    const Dialer::Done done = std::move(done_);
    if (result) securing_.reset();  // it is the result's now
    cancel();
    done(std::move(result));
}

void Dialling::cancel() {
    dialer_ = nullptr;
    done_ = nullptr;
    deadline_.cancel();
    lookup_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (securing_) securing_->close();
    securing_.reset();
}

Dialer::Dialer(asio::any_io_executor executor, const TransportParams& params)
    : executor_{std::move(executor)}, params_{params}, name_{to_string(params.url)} {}

Dialer::~Dialer() {
    cancel();
}

void Dialer::dial(Done done) {
    std::erase_if(active_, [](const auto& attempt) { return attempt.expired(); });
    const auto attempt = std::make_shared<Dialling>(*this, std::move(done));
    active_.push_back(attempt);
    attempt->start();
}

void Dialer::cancel() {
    for (const auto& weak : std::exchange(active_, {})) {
        if (const auto attempt = weak.lock()) attempt->cancel();
    }
}

}  // namespace plimsoll::rpc
