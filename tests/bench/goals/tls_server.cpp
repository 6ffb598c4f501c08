// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/tls_server.hpp"

#include "tests/faults/certificates.hpp"

#include <openssl/ssl.h>

#include <cerrno>
#include <stdexcept>

namespace plimsoll::bench {

void TlsServer::Free::operator()(SSL_CTX* context) const noexcept {
    SSL_CTX_free(context);
}

void TlsServer::Free::operator()(SSL* connection) const noexcept {
    SSL_free(connection);
}

TlsServer::TlsServer() : context_{SSL_CTX_new(TLS_server_method())} {
    const std::string base = faults::certificates() + "/good";
    if (!context_ || SSL_CTX_use_certificate_chain_file(context_.get(), (base + ".pem").c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), (base + ".key").c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error{"no TLS server"};
    SSL_CTX_set_read_ahead(context_.get(), 1);  // one call for a record, not two
}

std::string TlsServer::ca_file() {
    return faults::certificates() + "/ca.pem";
}

bool TlsServer::unready(int result) const {
    const int why = SSL_get_error(connection_.get(), result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

void TlsServer::accept(int socket) {
    connection_.reset(SSL_new(context_.get()));
    if (!connection_ || SSL_set_fd(connection_.get(), socket) != 1) throw std::runtime_error{"no TLS"};
    int result = 0;
    while ((result = SSL_accept(connection_.get())) != 1) {
        if (!unready(result)) throw std::runtime_error{"no TLS handshake"};
    }
}

ssize_t TlsServer::receive(char* into, std::size_t most) {
    std::size_t got = 0;
    const int result = SSL_read_ex(connection_.get(), into, most, &got);
    if (result == 1) return static_cast<ssize_t>(got);
    errno = unready(result) ? EAGAIN : ECONNRESET;
    return -1;
}

void TlsServer::send(std::string_view bytes) {
    std::size_t sent = 0;
    int result = 0;
    while ((result = SSL_write_ex(connection_.get(), bytes.data(), bytes.size(), &sent)) != 1) {
        if (!unready(result)) throw std::runtime_error{"the connection is gone"};
    }
}

}  // namespace plimsoll::bench
