// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/frame_node.hpp"

#include "tests/bench/websocket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

constexpr int kPatience = 60'000;  // ms
constexpr std::size_t kAtOnce = std::size_t{64} << 10U;

void wait_for(int socket) {
    pollfd wait{socket, POLLIN, 0};
    if (::poll(&wait, 1, kPatience) <= 0) throw std::runtime_error{"nothing came within a minute"};
}

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error{"the connection is gone"};
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

FrameNode::FrameNode(Waits waits)
    : spin_{waits != Waits::asleep}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    if (waits == Waits::spinning_in_tls) tls_.emplace();
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

FrameNode::~FrameNode() {
    if (peer_ >= 0) ::close(peer_);
    ::close(listener_);
}

void FrameNode::accept() {
    constexpr std::string_view kEnd = "\r\n\r\n";
    constexpr std::string_view kKey = "sec-websocket-key: ";
    wait_for(listener_);
    peer_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    ::setsockopt(peer_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls_) {
        ::fcntl(peer_, F_SETFL, O_NONBLOCK);
        tls_->accept(peer_);
    }
    while (input_.find(kEnd) == std::string::npos)
        receive();
    std::string lower = input_;
    for (char& letter : lower)
        letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    const std::size_t key = lower.find(kKey);
    if (key == std::string::npos) throw std::runtime_error{"no WebSocket"};
    const std::string_view rest = std::string_view{input_}.substr(key + kKey.size());
    send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        accept_key(rest.substr(0, rest.find('\r'))) + std::string{kEnd});
    input_.erase(0, input_.find(kEnd) + kEnd.size());
}

void FrameNode::say(std::string_view text) {
    std::string frame{'\x81', '\x7E', static_cast<char>(text.size() >> 8U),
                      static_cast<char>(text.size() & 0xFFU)};
    if (text.size() < 126) frame = {'\x81', static_cast<char>(text.size())};
    send(frame += text);
}

void FrameNode::send(std::string_view bytes) {
    if (tls_) return tls_->send(bytes);
    send_all(peer_, bytes);
}

void FrameNode::receive() {
    if (!spin_) wait_for(peer_);
    const std::size_t had = input_.size();
    input_.resize(had + kAtOnce);
    ssize_t got = -1;
    do {
        char* const into = input_.data() + had;
        got = tls_ ? tls_->receive(into, kAtOnce) : ::recv(peer_, into, kAtOnce, spin_ ? MSG_DONTWAIT : 0);
    } while (spin_ && got < 0 && errno == EAGAIN);
    if (got <= 0) throw std::runtime_error{"the connection was closed"};
    input_.resize(had + static_cast<std::size_t>(got));
}

std::string FrameNode::hear() {
    constexpr std::uint8_t kText = 1;
    for (;;) {
        const auto frame = client_frame(input_);
        if (!frame) {
            receive();
            continue;
        }
        const char* const mask = input_.data() + frame->header - 4;
        std::string out = input_.substr(frame->header, frame->size);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<char>(out[i] ^ mask[i % 4]);
        input_.erase(0, frame->header + frame->size);
        if (frame->opcode == kText) return out;
    }
}

}  // namespace plimsoll::bench
