// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/frame_node.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

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

}  // namespace

FrameNode::FrameNode(Waits waits) : spin_{waits != Waits::asleep} {
    if (waits == Waits::spinning_in_tls) tls_.emplace();
}

void FrameNode::accept() {
    wait_for(socket_.listener());
    socket_.accept();
    if (tls_) {
        ::fcntl(socket_.peer(), F_SETFL, O_NONBLOCK);
        tls_->accept(socket_.peer());
    }
    while (input_.find(kEndOfRequest) == std::string::npos)
        receive();
    send(greeting(input_));
    input_.erase(0, input_.find(kEndOfRequest) + kEndOfRequest.size());
}

void FrameNode::say(std::string_view text) {
    std::string frame;
    append_text_frame(frame, text);
    send(frame);
}

void FrameNode::send(std::string_view bytes) {
    if (tls_) return tls_->send(bytes);
    if (!socket_.send(bytes)) throw std::runtime_error{"the connection is gone"};
}

void FrameNode::receive() {
    if (!spin_) wait_for(socket_.peer());
    const std::size_t had = input_.size();
    input_.resize(had + kAtOnce);
    ssize_t got = -1;
    do {
        char* const into = input_.data() + had;
        got = tls_ ? tls_->receive(into, kAtOnce)
                   : ::recv(socket_.peer(), into, kAtOnce, spin_ ? MSG_DONTWAIT : 0);
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
        std::string out{unmasked(input_.data(), *frame)};
        input_.erase(0, frame->header + frame->size);
        if (frame->opcode == kText) return out;
    }
}

}  // namespace plimsoll::bench
