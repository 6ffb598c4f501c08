// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/tls_front.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/async/task_group.hpp"
#include "tests/faults/certificates.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <array>
#include <utility>

namespace plimsoll::faults {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using async::Task;
using Handshake = TlsBehaviour::Handshake;

/// Moves bytes one way until either side ends.
template <class From, class To>
Task<void> pump(From& from, To& to) {
    std::array<char, 16'384> buffer;
    for (;;) {
        auto [error, size] = co_await from.async_read_some(asio::buffer(buffer), async::use_tuple);
        if (error) break;
        auto [failed, written] = co_await asio::async_write(to, asio::buffer(buffer, size), async::use_tuple);
        if (failed) break;
    }
    boost::system::error_code ignored;
    from.lowest_layer().close(ignored);
    to.lowest_layer().close(ignored);
}

}  // namespace

struct TlsFront::Impl {
    Impl(asio::any_io_executor executor_in, std::uint16_t target_in, const TlsBehaviour& behaviour_in);

    Task<void> accept();
    Task<void> serve(tcp::socket socket);
    Task<void> misbehave(tcp::socket socket);

    asio::any_io_executor executor;
    std::uint16_t target;
    TlsBehaviour behaviour;
    ssl::context context{ssl::context::tls_server};
    tcp::acceptor acceptor;
    async::TaskGroup open;
    std::size_t sessions = 0;
    std::string asked_name;
};

TlsFront::Impl::Impl(asio::any_io_executor executor_in, std::uint16_t target_in,
                     const TlsBehaviour& behaviour_in)
    : executor{std::move(executor_in)},
      target{target_in},
      behaviour{behaviour_in},
      acceptor{executor, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
      open{executor} {
    const std::string base = certificates() + "/" + behaviour.certificate;
    context.use_certificate_chain_file(base + ".pem");
    context.use_private_key_file(base + ".key", ssl::context::pem);
    if (behaviour.handshake != Handshake::outdated) return;
    SSL_CTX_set_cipher_list(context.native_handle(), "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
}

Task<void> TlsFront::Impl::accept() {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(async::use_task);
        const bool tls =
            behaviour.handshake == Handshake::proper || behaviour.handshake == Handshake::outdated;
        open.spawn(tls ? serve(std::move(socket)) : misbehave(std::move(socket)));
    }
}

Task<void> TlsFront::Impl::misbehave(tcp::socket socket) {
    std::array<char, 64> buffer;
    auto [error, size] = co_await socket.async_read_some(asio::buffer(buffer), async::use_tuple);
    if (error || behaviour.handshake == Handshake::hang_up) co_return;
    if (behaviour.handshake == Handshake::plain) {
        const std::string answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
        static_cast<void>(co_await asio::async_write(socket, asio::buffer(answer), async::use_tuple));
    }
    co_await async::sleep_for(std::chrono::minutes{1});
}

Task<void> TlsFront::Impl::serve(tcp::socket socket) {
    socket.set_option(tcp::no_delay{true});
    ssl::stream<tcp::socket> client{std::move(socket), context};
    auto [refused] = co_await client.async_handshake(ssl::stream_base::server, async::use_tuple);
    if (refused) co_return;
    ++sessions;
    const char* const name = SSL_get_servername(client.native_handle(), TLSEXT_NAMETYPE_host_name);
    asked_name = name == nullptr ? "" : name;
    tcp::socket upstream{executor};
    const tcp::endpoint there{asio::ip::address_v4::loopback(), target};
    auto [unreachable] = co_await upstream.async_connect(there, async::use_tuple);
    if (unreachable) co_return;
    upstream.set_option(tcp::no_delay{true});
    Task<void> up = pump(client, upstream);
    Task<void> down = pump(upstream, client);
    co_await async::all_of(std::move(up), std::move(down));
}

TlsFront::TlsFront(asio::any_io_executor executor, std::uint16_t target, const TlsBehaviour& behaviour)
    : impl_{std::make_unique<Impl>(std::move(executor), target, behaviour)} {}

TlsFront::~TlsFront() = default;

Task<void> TlsFront::run() {
    co_await async::all_of(impl_->accept(), impl_->open.run());
}

std::uint16_t TlsFront::port() const {
    return impl_->acceptor.local_endpoint().port();
}

std::size_t TlsFront::sessions() const noexcept {
    return impl_->sessions;
}

const std::string& TlsFront::asked_name() const noexcept {
    return impl_->asked_name;
}

}  // namespace plimsoll::faults
