// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/node_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace plimsoll::bench {

NodeSocket::NodeSocket() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    if (listener_ < 0 || ::bind(listener_, address, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, address, &size) != 0)
        throw std::runtime_error{"no port for the node"};
    port_ = ntohs(where.sin_port);
}

NodeSocket::~NodeSocket() {
    if (peer_ >= 0) ::close(peer_);
    ::close(listener_);
}

void NodeSocket::accept() {
    peer_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    ::setsockopt(peer_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool NodeSocket::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string greeting(std::string_view request) {
    constexpr std::string_view kKey = "sec-websocket-key: ";
    std::string lower{request};
    for (char& letter : lower)
        letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    const std::size_t key = lower.find(kKey);
    if (key == std::string::npos) throw std::runtime_error{"no WebSocket"};
    const std::string_view rest = request.substr(key + kKey.size());
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           accept_key(rest.substr(0, rest.find('\r'))) + std::string{kEndOfRequest};
}

void append_text_frame(std::string& out, std::string_view text) {
    constexpr std::uint8_t kWholeText = 0x81;
    out += static_cast<char>(kWholeText);
    if (text.size() < 126) {
        out += static_cast<char>(text.size());
    } else {
        out += static_cast<char>(126);
        out += static_cast<char>(text.size() >> 8U);
        out += static_cast<char>(text.size() & 0xFFU);
    }
    out += text;
}

std::string_view unmasked(char* begin, const ClientFrame& frame) {
    char* const body = begin + frame.header;
    const char* const mask = body - 4;
    for (std::size_t i = 0; i < frame.size; ++i)
        body[i] = static_cast<char>(body[i] ^ mask[i % 4]);
    return {body, frame.size};
}

}  // namespace plimsoll::bench
