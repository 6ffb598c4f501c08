// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/light_node.hpp"

#include "chain/primitives/hash.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

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

LightNode::LightNode() : thread_{[this] { serve(); }} {}

LightNode::~LightNode() {
    closing_ = true;
    thread_.join();
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

bool LightNode::wait_for(int socket) const {
    pollfd wait{socket, POLLIN, 0};
    while (!closing_ && ::poll(&wait, 1, kLookUpEvery) <= 0) {
    }
    return !closing_;
}

void LightNode::serve() {
    if (!wait_for(socket_.listener())) return;
    socket_.accept();
    if (greet()) talk();
}

bool LightNode::read_more() {
    if (!wait_for(socket_.peer())) return false;
    const std::size_t had = input_.size();
    input_.resize(had + kReadAtOnce);
    const ssize_t got = ::recv(socket_.peer(), input_.data() + had, kReadAtOnce, 0);
    last_ = Clock::now().time_since_epoch().count();
    input_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
}

bool LightNode::flush() {
    const bool sent = socket_.send(output_);
    output_.clear();
    return sent;
}

bool LightNode::greet() {
    while (input_.find(kEndOfRequest) == std::string::npos) {
        if (!read_more()) return false;
    }
    output_ = greeting(input_);
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
        const std::string_view text = unmasked(input_.data() + done, *frame);
        if (frame->opcode == kText) answer(text);
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
    append_text_frame(output_, R"({"jsonrpc":"2.0","id":)" + std::string{id.substr(0, id.find(','))} +
                                   R"(,"result":)" + result + '}');
}

}  // namespace plimsoll::bench
