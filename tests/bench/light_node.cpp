// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/light_node.hpp"

#include "chain/primitives/hash.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/bench/websocket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

constexpr std::size_t kReadAtOnce = std::size_t{256} << 10U;
constexpr int kLookUpEvery = 50;  // ms: whether it is to end

std::string_view after(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    return at == std::string_view::npos ? std::string_view{} : text.substr(at + mark.size());
}

}  // namespace

LightNode::LightNode() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    if (listener_ < 0 || ::bind(listener_, address, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, address, &size) != 0)
        throw std::runtime_error{"no port for the node"};
    port_ = ntohs(where.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

LightNode::~LightNode() {
    closing_ = true;
    thread_.join();
    if (peer_ >= 0) ::close(peer_);
    ::close(listener_);
}

std::chrono::nanoseconds LightNode::spent() const {
    clockid_t clock{};
    timespec now{};
    // libstdc++ keeps the native handle behind a const object.
    if (pthread_getcpuclockid(const_cast<std::thread&>(thread_).native_handle(), &clock) != 0 ||
        clock_gettime(clock, &now) != 0)
        throw std::runtime_error{"no clock of the node's thread"};
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

void LightNode::serve() {
    pollfd wait{listener_, POLLIN, 0};
    while (!closing_ && ::poll(&wait, 1, kLookUpEvery) <= 0) {
    }
    if (closing_) return;
    peer_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    ::setsockopt(peer_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (greet()) talk();
}

bool LightNode::read_more() {
    pollfd wait{peer_, POLLIN, 0};
    while (!closing_ && ::poll(&wait, 1, kLookUpEvery) <= 0) {
    }
    if (closing_) return false;
    const std::size_t had = input_.size();
    input_.resize(had + kReadAtOnce);
    const ssize_t got = ::recv(peer_, input_.data() + had, kReadAtOnce, 0);
    last_ = Clock::now().time_since_epoch().count();
    input_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
}

bool LightNode::flush() {
    std::string_view left = output_;
    while (!left.empty()) {
        const ssize_t sent = ::send(peer_, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
    output_.clear();
    return true;
}

bool LightNode::greet() {
    while (input_.find("\r\n\r\n") == std::string::npos) {
        if (!read_more()) return false;
    }
    const std::string_view rest = after(input_, "Sec-WebSocket-Key: ");
    output_ =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        accept_key(rest.substr(0, rest.find('\r'))) + "\r\n\r\n";
    input_.clear();
    return flush();
}

void LightNode::talk() {
    while (read_more()) {
        take_frames();
        if (!flush()) return;
    }
}

void LightNode::take_frames() {
    constexpr std::uint8_t kText = 1;
    std::size_t done = 0;
    while (const auto frame = client_frame(std::string_view{input_}.substr(done))) {
        char* const body = input_.data() + done + frame->header;
        const char* const mask = body - 4;
        for (std::size_t i = 0; i < frame->size; ++i)
            body[i] = static_cast<char>(body[i] ^ mask[i % 4]);
        if (frame->opcode == kText) answer({body, frame->size});
        done += frame->header + frame->size;
    }
    input_.erase(0, done);
}

void LightNode::answer(std::string_view request) {
    const std::string_view id = after(request, "\"id\":");
    std::string result = "\"0x0\"";
    if (request.find("eth_sendRawTransaction") != std::string_view::npos) {
        std::string_view raw = after(request, "[\"");
        raw = raw.substr(0, raw.find('"'));
        result = '"' + to_string(Hash32{keccak256(BytesView{parse_hex(raw).value()})}) + '"';
        if (++taken_ == marked_) marked_at_ = last_.load();
    } else if (request.find("eth_chainId") != std::string_view::npos) {
        result = "\"0x7a69\"";
    }
    say(R"({"jsonrpc":"2.0","id":)" + std::string{id.substr(0, id.find(','))} + R"(,"result":)" + result +
        '}');
}

/// One unmasked text frame; no answer of this node is longer than two bytes can tell.
void LightNode::say(std::string_view text) {
    constexpr std::uint8_t kWholeText = 0x81;
    output_ += static_cast<char>(kWholeText);
    if (text.size() < 126) {
        output_ += static_cast<char>(text.size());
    } else {
        output_ += static_cast<char>(126);
        output_ += static_cast<char>(text.size() >> 8U);
        output_ += static_cast<char>(text.size() & 0xFFU);
    }
    output_ += text;
}

}  // namespace plimsoll::bench
