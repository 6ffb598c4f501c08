// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/name_lookup.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sched.h>
#include <unistd.h>

#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace plimsoll::rpc {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

struct LookedUp {
    error_code error;
    NameLookup::Found addresses;
};

/// Where the program's first thread may run, and not only where the asking one does: that may have its core
/// for itself.
void leave_core() {
    cpu_set_t cores;
    if (::sched_getaffinity(::getpid(), sizeof cores, &cores) == 0)
        static_cast<void>(::sched_setaffinity(0, sizeof cores, &cores));
}

void ask_system(const std::string& host, const std::string& port, LookedUp& out) {
    boost::asio::io_context unused;
    tcp::resolver resolver{unused};
    for (const auto& entry : resolver.resolve(host, port, out.error))
        out.addresses.push_back(entry.endpoint());
}

}  // namespace

void NameLookup::begin(std::string host, std::string port, Done done) {
    const auto out = std::make_shared<LookedUp>();
    try {
        bell_.emplace(executor_);
        std::thread{[out, host = std::move(host), port = std::move(port), rope = bell_->rope()] {
            leave_core();
            ask_system(host, port, *out);
            rope.pull();
        }}.detach();
    } catch (const std::system_error& none) {
        const error_code error{none.code().value(), boost::system::generic_category()};
        return boost::asio::post(executor_, [error, done = std::move(done)] { done(error, {}); });
    }
    bell_->wait([out, done = std::move(done)](const error_code& error) {
        if (error) return done(error, {});
        done(out->error, std::move(out->addresses));
    });
}

void NameLookup::cancel() {
    if (bell_) bell_->close();
}

}  // namespace plimsoll::rpc
