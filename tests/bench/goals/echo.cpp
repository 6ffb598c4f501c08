// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/echo.hpp"

#include "tests/bench/goals/timing.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace plimsoll::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

void receive(tcp::socket& socket, std::string& into, std::size_t size) {
    boost::system::error_code failed;
    for (std::size_t got = 0; got < size;) {
        got += socket.read_some(asio::buffer(into.data() + got, size - got), failed);
        if (failed && failed != asio::error::would_block) throw std::runtime_error{failed.message()};
    }
}

void send(tcp::socket& socket, const std::string& bytes, std::size_t size) {
    if (socket.send(asio::buffer(bytes.data(), size)) != size) throw std::runtime_error{"not sent in one"};
}

}  // namespace

std::vector<double> raw_echoes(std::size_t rounds, std::size_t there, std::size_t back) {
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    tcp::socket near{io};
    near.connect(acceptor.local_endpoint());
    tcp::socket far = acceptor.accept();
    for (tcp::socket* const one : {&near, &far}) {
        one->set_option(tcp::no_delay{true});
        one->non_blocking(true);
    }
    std::thread other{[&far, rounds, there, back] {
        std::string bytes(there + back, 'x');
        for (std::size_t i = 0; i < rounds; ++i) {
            receive(far, bytes, there);
            send(far, bytes, back);
        }
    }};
    std::string bytes(there + back, 'x');
    std::vector<double> out;
    for (std::size_t i = 0; i < rounds; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
        out.push_back(timed([&] { send(near, bytes, there), receive(near, bytes, back); }));
    }
    other.join();
    return out;
}

}  // namespace plimsoll::bench
