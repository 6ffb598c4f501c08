// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/io_handler.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <utility>

namespace plimsoll::rpc {

/// A connection that moves bytes: TCP, or TLS over TCP. Operations keep it alive until they are done.
class Channel {
  public:
    virtual ~Channel() = default;
    virtual void read_some(const Pieces<boost::asio::mutable_buffer>& into, IoHandler done) = 0;
    virtual void write_some(const Pieces<boost::asio::const_buffer>& from, IoHandler done) = 0;
    /// At once and without a farewell; what is under way fails.
    virtual void close() = 0;
};

/// A Channel with the form of an Asio stream, so that HTTP and WebSocket are compiled once, whatever is below
/// them, and TLS never in the same file as they. Costs one virtual call and one allocation an operation.
class ByteStream {
  public:
    using executor_type = boost::asio::any_io_executor;

    ByteStream(boost::asio::any_io_executor executor, std::shared_ptr<Channel> channel)
        : executor_{std::move(executor)}, channel_{std::move(channel)} {}

    [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }
    void close() { channel_->close(); }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, const Pieces<boost::asio::mutable_buffer>& into) {
                channel_->read_some(into, IoHandler{std::move(handler)});
            },
            token, Pieces<boost::asio::mutable_buffer>{buffers});
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, const Pieces<boost::asio::const_buffer>& from) {
                channel_->write_some(from, IoHandler{std::move(handler)});
            },
            token, Pieces<boost::asio::const_buffer>{buffers});
    }

  private:
    executor_type executor_;
    std::shared_ptr<Channel> channel_;
};

// How Beast's WebSocket ends a stream of a foreign type; found by argument-dependent lookup.
inline void beast_close_socket(ByteStream& stream) {
    stream.close();
}
template <class Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
    stream.close();
    boost::asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
        handler(boost::system::error_code{});
    });
}

}  // namespace plimsoll::rpc
