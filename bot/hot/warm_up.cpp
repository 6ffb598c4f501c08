// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/warm_up.hpp"

#include <boost/asio/buffer.hpp>

namespace plimsoll::bot {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t kAsLargeAsATransaction = 2'048;
constexpr std::chrono::microseconds kBetween{250};

}  // namespace

WarmUp::WarmUp() : bytes_(kAsLargeAsATransaction, ' ') {
    boost::system::error_code failed;
    tcp::acceptor acceptor{io_};
    const tcp::endpoint here{asio::ip::address_v4::loopback(), 0};
    acceptor.open(here.protocol(), failed);
    if (!failed) acceptor.bind(here, failed);
    if (!failed) acceptor.listen(1, failed);
    if (!failed) near_.connect(acceptor.local_endpoint(failed), failed);
    if (!failed) acceptor.accept(far_, failed);
    if (!failed) near_.set_option(tcp::no_delay{true}, failed);
    if (!failed) near_.non_blocking(true, failed);
    if (!failed) far_.non_blocking(true, failed);
    if (failed) near_.close(failed);
}

bool WarmUp::due() {
    const Clock::time_point now = Clock::now();
    if (now < next_) return false;
    next_ = now + kBetween;
    return true;
}

void WarmUp::exchange() {
    if (!near_.is_open()) return;
    boost::system::error_code ignored;  // what does not get through does not matter
    near_.write_some(asio::buffer(bytes_), ignored);
    far_.read_some(asio::buffer(bytes_), ignored);
}

}  // namespace plimsoll::bot
