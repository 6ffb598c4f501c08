// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/byte_stream.hpp"
#include "chain/rpc/dialer.hpp"
#include "chain/rpc/message_reader.hpp"
#include "chain/rpc/retry_hint.hpp"
#include "chain/rpc/transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxLines = 8;  // connections kept open side by side

std::optional<std::chrono::milliseconds> retry_after(const http::response<http::string_body>& response) {
    const auto value = response[http::field::retry_after];
    const auto date = response[http::field::date];
    return retry_hint::in_header({value.data(), value.size()}, {date.data(), date.size()});
}

struct Waiting {
    std::string frame;
    RequestId id{};
};

class HttpTransport;

/// One keep-alive connection with at most one exchange on it.
class Line : public std::enable_shared_from_this<Line> {
  public:
    Line(HttpTransport& owner, const asio::any_io_executor& executor) : owner_{&owner}, limit_{executor} {}

    [[nodiscard]] bool idle() const noexcept { return !job_ && !dialing_; }
    void start(Waiting&& job);
    void dial();
    void close();

  private:
    void fill_request();
    void limit_exchange();
    void write();
    void read();
    void on_response(const error_code& error);
    void broken(const char* step, const error_code& error);

    HttpTransport* owner_;  // null once closed
    std::optional<ByteStream> stream_;
    asio::steady_timer limit_;  // of the exchange
    beast::flat_buffer buffer_;
    std::optional<Waiting> job_;
    http::request<http::string_body> request_;
    std::optional<http::response_parser<http::string_body>> parser_;
    bool connected_ = false;
    bool dialing_ = false;
    std::uint64_t exchange_ = 0;
    bool late_ = false;    // the exchange took too long
    bool reused_ = false;  // an exchange has already worked on this connection
};

class HttpTransport final : public Transport, public std::enable_shared_from_this<HttpTransport> {
  public:
    HttpTransport(asio::any_io_executor executor, TransportParams params)
        : params_{std::move(params)},
          name_{to_string(params_.url)},
          executor_{std::move(executor)},
          dialer_{executor_, params_} {}

    void open(TransportSink& sink) override;
    void send(std::string frame, RequestId request) override;
    void close() override;

    // For its lines:
    [[nodiscard]] const TransportParams& params() const noexcept { return params_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Dialer& dialer() noexcept { return dialer_; }
    void line_connected(Line& line);
    void line_unconnected(Error&& error);
    void line_answered(const Arrived& arrived);
    void line_failed(RequestId id, Errc code, const std::string& what);
    void line_free(Line& line);

  private:
    void fail_all(Error&& error);

    TransportParams params_;
    std::string name_;
    asio::any_io_executor executor_;
    Dialer dialer_;
    TransportSink* sink_ = nullptr;
    std::vector<std::shared_ptr<Line>> lines_;
    std::deque<Waiting> queue_;
    bool opened_ = false;
};

void Line::start(Waiting&& job) {
    job_ = std::move(job);
    if (connected_) return write();
    dial();
}

void Line::dial() {
    dialing_ = true;
    reused_ = false;
    owner_->dialer().dial([self = shared_from_this()](Result<ByteStream> connection) {
        self->dialing_ = false;
        if (self->owner_ == nullptr) return;
        if (!connection) return self->owner_->line_unconnected(std::move(connection).error());
        self->stream_.emplace(*std::move(connection));
        self->connected_ = true;
        if (self->job_) return self->write();
        self->owner_->line_connected(*self);
    });
}

void Line::fill_request() {
    const TransportParams& params = owner_->params();
    request_ = {};
    request_.version(11);
    request_.method(http::verb::post);
    request_.target(params.url.target);
    request_.set(http::field::host, host_header(params.url));
    request_.set(http::field::content_type, "application/json");
    request_.set(http::field::user_agent, "plimsoll");
    if (!params.url.authorization.empty()) request_.set(http::field::authorization, params.url.authorization);
    for (const HttpHeader& header : params.headers)
        request_.set(header.name, header.value);
    if (params.sign_body) {
        const HttpHeader header = params.sign_body(job_->frame);
        request_.set(header.name, header.value);
    }
    request_.body() = job_->frame;  // kept: a stale connection means writing it again on a new one
    request_.prepare_payload();
}

void Line::limit_exchange() {
    late_ = false;
    limit_.expires_after(owner_->params().request_timeout);
    limit_.async_wait([self = shared_from_this(), number = ++exchange_](const error_code& error) {
        // It may have been on its way when the exchange ended and another began.
        if (error || self->owner_ == nullptr || !self->job_ || number != self->exchange_) return;
        self->late_ = true;
        self->stream_->close();
    });
}

void Line::write() {
    fill_request();
    limit_exchange();
    http::async_write(*stream_, request_, [self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->owner_ == nullptr) return;
        if (error) return self->broken("write to ", error);
        self->read();
    });
}

void Line::read() {
    parser_.emplace();
    parser_->body_limit(owner_->params().max_message);
    http::async_read(
        *stream_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) { self->on_response(error); });
}

void Line::on_response(const error_code& error) {
    if (owner_ == nullptr) return;
    if (error) return broken("read from ", error);
    limit_.cancel();
    Arrived arrived;
    arrived.received = ReceiveTime{std::chrono::steady_clock::now().time_since_epoch().count()};
    arrived.asked = job_->id;
    arrived.status = parser_->get().result_int();
    arrived.retry_after = retry_after(parser_->get());
    reused_ = true;
    job_.reset();
    if (!parser_->get().keep_alive()) {
        stream_->close();
        connected_ = false;
        buffer_.clear();
    }
    std::string body = std::move(parser_->get().body());
    const std::size_t size = body.size();
    body.resize(size + kFramePadding, ' ');
    arrived.frame = {body.data(), size};
    const auto self = shared_from_this();
    owner_->line_answered(arrived);
    if (owner_ != nullptr) owner_->line_free(*this);
}

void Line::broken(const char* step, const error_code& error) {
    limit_.cancel();
    connected_ = false;
    stream_->close();
    buffer_.clear();
    // A server may close an idle connection at any time. The same bytes on a new one are the same request,
    // even for a transaction: its hash is the same.
    if (reused_ && !late_) return dial();
    const RequestId id = std::exchange(job_, std::nullopt)->id;
    Errc code = late_ ? Errc::timed_out : Errc::disconnected;
    if (error == http::error::body_limit) code = Errc::limit_exceeded;
    const auto self = shared_from_this();
    owner_->line_failed(id, code, step + owner_->name() + ": " + (late_ ? "timed out" : error.message()));
    if (owner_ != nullptr) owner_->line_free(*this);
}

void Line::close() {
    owner_ = nullptr;
    limit_.cancel();
    if (stream_) stream_->close();
}

void HttpTransport::open(TransportSink& sink) {
    sink_ = &sink;
    lines_.push_back(std::make_shared<Line>(*this, executor_));
    lines_.front()->dial();
}

void HttpTransport::send(std::string frame, RequestId request) {
    for (const auto& line : lines_) {
        if (line->idle()) return line->start(Waiting{std::move(frame), request});
    }
    if (lines_.size() < kMaxLines) {
        lines_.push_back(std::make_shared<Line>(*this, executor_));
        return lines_.back()->start(Waiting{std::move(frame), request});
    }
    queue_.push_back(Waiting{std::move(frame), request});
}

void HttpTransport::line_connected(Line& line) {
    if (!opened_) {
        opened_ = true;
        sink_->on_opened();
    }
    if (sink_ != nullptr) line_free(line);
}

void HttpTransport::line_unconnected(Error&& error) {
    fail_all(std::move(error));
}

void HttpTransport::line_answered(const Arrived& arrived) {
    sink_->on_frame(arrived);
}

void HttpTransport::line_failed(RequestId id, Errc code, const std::string& what) {
    RequestError out;
    out.code = code;
    out.meaning = code == Errc::limit_exceeded ? ErrorClass::limit_exceeded : ErrorClass::transport;
    out.text = what;
    sink_->on_failed(id, std::move(out));
}

void HttpTransport::line_free(Line& line) {
    if (queue_.empty() || !line.idle()) return;
    Waiting next = std::move(queue_.front());
    queue_.pop_front();
    line.start(std::move(next));
}

void HttpTransport::fail_all(Error&& error) {
    const auto self = shared_from_this();  // the sink lets go of us
    TransportSink* const sink = std::exchange(sink_, nullptr);
    close();
    sink->on_closed(std::move(error));
}

void HttpTransport::close() {
    sink_ = nullptr;
    dialer_.cancel();
    for (const auto& line : lines_)
        line->close();
}

}  // namespace

std::shared_ptr<Transport> make_http_transport(boost::asio::any_io_executor executor,
                                               TransportParams params) {
    return std::make_shared<HttpTransport>(std::move(executor), std::move(params));
}

}  // namespace plimsoll::rpc
