// SPDX-License-Identifier: Apache-2.0
// The only file that includes Asio's TLS.
#include "chain/rpc/tls.hpp"

#include "chain/rpc/certificate.hpp"

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>
#include <vector>

namespace plimsoll::rpc {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

class TlsChannel final : public Channel, public std::enable_shared_from_this<TlsChannel> {
  public:
    TlsChannel(asio::ip::tcp::socket socket, std::shared_ptr<ssl::context> context, std::string host)
        : context_{std::move(context)}, host_{std::move(host)}, stream_{std::move(socket), *context_} {}

    void handshake(TlsContext::Done done);
    void read_some(const Pieces<asio::mutable_buffer>& into, IoHandler done) override;
    void write_some(const Pieces<asio::const_buffer>& from, IoHandler done) override;
    void close() override;

  private:
    [[nodiscard]] bool expect_host();
    [[nodiscard]] Error why(const error_code& error) const;

    std::shared_ptr<ssl::context> context_;
    std::string host_;
    std::string certificate_;  // what is wrong with it
    ssl::stream<asio::ip::tcp::socket> stream_;
    std::vector<unsigned char> joined_;
};

/// Names the host to the other side and to the verification.
bool TlsChannel::expect_host() {
    SSL* const native = stream_.native_handle();
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(native);
    error_code not_literal;
    asio::ip::make_address(host_, not_literal);
    if (!not_literal) return X509_VERIFY_PARAM_set1_ip_asc(wanted, host_.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // The macro SSL_set_tlsext_host_name casts in C style.
    const long named = SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                                const_cast<char*>(host_.c_str()));
    return named == 1 && X509_VERIFY_PARAM_set1_host(wanted, host_.c_str(), host_.size()) == 1;
}

void TlsChannel::handshake(TlsContext::Done done) {
    if (!expect_host()) {
        asio::post(stream_.get_executor(), [done = std::move(done)] {
            done(fail(Errc::config_invalid, "no name that a certificate could be for"));
        });
        return;
    }
    stream_.set_verify_mode(ssl::verify_peer);
    // The channel outlives its own stream, so a plain pointer is enough.
    stream_.set_verify_callback([this](bool good, ssl::verify_context& seen) {
        if (!good && certificate_.empty()) certificate_ = certificate_problem(seen.native_handle(), host_);
        return good;
    });
    stream_.async_handshake(ssl::stream_base::client,
                            [self = shared_from_this(), done = std::move(done)](const error_code& error) {
                                if (error) return done(tl::make_unexpected(self->why(error)));
                                done(std::static_pointer_cast<Channel>(self));
                            });
}

Error TlsChannel::why(const error_code& error) const {
    if (!certificate_.empty()) return Error{Errc::refused, certificate_};
    if (error.category() == asio::error::get_ssl_category()) {
        const auto code = static_cast<unsigned long>(error.value());
        if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
            return Error{Errc::disconnected, "the other side does not speak TLS: is it ws:// or http://?"};
    }
    if (error == ssl::error::stream_truncated || error == asio::error::eof ||
        error == asio::error::connection_reset) {
        return Error{Errc::disconnected, "the other side hung up during the TLS handshake"};
    }
    return Error{Errc::disconnected, error.message()};
}

void TlsChannel::read_some(const Pieces<asio::mutable_buffer>& into, IoHandler done) {
    stream_.async_read_some(into, [self = shared_from_this(), done = std::move(done)](
                                      const error_code& error, std::size_t size) mutable {
        // Without a farewell is still the end; a cut message is noticed by its length.
        const error_code told = error == ssl::error::stream_truncated ? error_code{asio::error::eof} : error;
        done(told, size);
    });
}

void TlsChannel::write_some(const Pieces<asio::const_buffer>& from, IoHandler done) {
    // Asio encrypts and sends the first piece alone, so a frame's head and body are joined: one record, one
    // packet.
    constexpr std::size_t kMostJoined = std::size_t{64} << 10U;
    asio::const_buffer one = from.size() == 0 ? asio::const_buffer{} : *from.begin();
    if (from.size() > 1) {
        joined_.resize(std::min(asio::buffer_size(from), kMostJoined));
        one = asio::buffer(joined_.data(), asio::buffer_copy(asio::buffer(joined_), from));
    }
    stream_.async_write_some(one,
                             [self = shared_from_this(), done = std::move(done)](
                                 const error_code& error, std::size_t size) mutable { done(error, size); });
}

void TlsChannel::close() {
    error_code ignored;
    stream_.next_layer().close(ignored);
}

class OpenSslContext final : public TlsContext {
  public:
    explicit OpenSslContext(std::shared_ptr<ssl::context> context) : context_{std::move(context)} {}

    std::shared_ptr<Channel> handshake(asio::ip::tcp::socket socket, const std::string& host,
                                       Done done) override {
        auto channel = std::make_shared<TlsChannel>(std::move(socket), context_, host);
        channel->handshake(std::move(done));
        return channel;
    }

  private:
    std::shared_ptr<ssl::context> context_;
};

}  // namespace

namespace {

/// Who we are to the other side, where it asks.
Result<void> show_certificate(ssl::context& context, const TlsParams& params) {
    if (params.client_cert.empty() && params.client_key.empty()) return {};
    error_code error;
    context.use_certificate_chain_file(params.client_cert, error);
    if (error) {
        return fail(Errc::config_invalid,
                    "no certificate can be read from " + params.client_cert + " (PEM): " + error.message());
    }
    context.use_private_key_file(params.client_key, ssl::context::pem, error);
    if (error) {
        return fail(Errc::config_invalid, "no key that fits " + params.client_cert + " can be read from " +
                                              params.client_key + " (PEM): " + error.message());
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make(const TlsParams& params) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    error_code error;
    SSL_CTX_set_min_proto_version(context->native_handle(),
                                  params.only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
    if (params.ca_file.empty()) {
        context->set_default_verify_paths(error);
        if (error)
            return fail(Errc::config_invalid, "the system's certificate authorities: " + error.message());
    } else {
        context->load_verify_file(params.ca_file, error);
        if (error) {
            return fail(Errc::config_invalid, "no certificate authority can be read from " + params.ca_file +
                                                  " (PEM): " + error.message());
        }
    }
    PLIMSOLL_CHECK(show_certificate(*context, params));
    return std::make_shared<OpenSslContext>(std::move(context));
}

}  // namespace plimsoll::rpc
