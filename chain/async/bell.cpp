// SPDX-License-Identifier: Apache-2.0
#include "chain/async/bell.hpp"

#include <boost/asio/buffer.hpp>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace plimsoll::async {

/// Outside of the loop: its descriptor is another one than the loop's, so that neither closes the other's.
struct Bell::Wire {
    Wire() : descriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (descriptor < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() { ::close(descriptor); }

    const int descriptor;
    std::atomic<bool> rung{false};  // what orders memory; the descriptor only wakes
};

void Bell::Rope::pull() const noexcept {
    wire_->rung.store(true, std::memory_order_release);
    const std::uint64_t once = 1;
    // It fails only where so many are unheard that one more says nothing.
    static_cast<void>(::write(wire_->descriptor, &once, sizeof once) == sizeof once);
}

Bell::Bell(const asio::any_io_executor& executor) : wire_{std::make_shared<Wire>()}, ear_{executor} {
    const int heard = ::fcntl(wire_->descriptor, F_DUPFD_CLOEXEC, 0);
    if (heard < 0) throw std::system_error{errno, std::generic_category(), "dup"};
    boost::system::error_code failed;
    ear_.assign(heard, failed);
    if (!failed) return;
    ::close(heard);
    throw std::system_error{failed.value(), std::generic_category(), "epoll"};
}

void Bell::wait(std::function<void(const boost::system::error_code&)> heard) {
    ear_.async_read_some(
        asio::buffer(&pulls_, sizeof pulls_),
        [this, heard = std::move(heard)](const boost::system::error_code& error, std::size_t) mutable {
            // Of two quick pulls the first was heard as both.
            if (!error && !wire_->rung.exchange(false, std::memory_order_acquire))
                return wait(std::move(heard));
            heard(error);
        });
}

void Bell::close() {
    boost::system::error_code ignored;
    ear_.close(ignored);
}

}  // namespace plimsoll::async
