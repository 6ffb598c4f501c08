// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/keeper.hpp"

#include "chain/rpc/transport.hpp"
#include "chain/rpc/url.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <future>
#include <thread>

namespace plimsoll::bench {

namespace asio = boost::asio;

struct Keeper::Parts final : rpc::TransportSink {
    explicit Parts(HotPath& hot) : path{hot} {}

    void on_opened() override { opened.set_value(); }
    void on_frame(const rpc::Arrived& arrived) override {
        try {
            const std::string answer = measured_event(path, arrived.frame, false);
            if (!answer.empty()) transport->send(answer, 1);
        } catch (const std::exception&) {
            failure = std::current_exception();  // the node hears nothing; told at the next `aside`
        }
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        newest = static_cast<double>(now - arrived.received.nanoseconds);
    }
    void on_failed(rpc::RequestId, rpc::RequestError&&) override {}
    void on_closed(Error&&) override {}

    HotPath& path;
    asio::io_context context{1};
    std::shared_ptr<rpc::Transport> transport;
    std::promise<void> opened;
    std::exception_ptr failure;
    std::atomic<double> newest = 0;
    std::thread thread;
};

Keeper::Keeper(HotPath& path, const std::string& url) : parts_{std::make_unique<Parts>(path)} {
    constexpr std::chrono::seconds kLong{60};
    rpc::TransportParams params;
    params.url = rpc::parse_url(url).value();
    params.connect_timeout = params.request_timeout = params.idle_timeout = kLong;
    params.max_message = 1U << 20U;
    parts_->transport = rpc::make_ws_transport(parts_->context.get_executor(), std::move(params));
    parts_->transport->open(*parts_);
    parts_->thread = std::thread{[parts = parts_.get()] {
        const auto guard = asio::make_work_guard(parts->context);
        parts->context.run();
    }};
}

Keeper::~Keeper() {
    asio::post(parts_->context, [parts = parts_.get()] {
        parts->transport->close();
        parts->context.stop();
    });
    parts_->thread.join();
}

void Keeper::aside(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(parts_->context, [&] {
        try {
            if (parts_->failure) std::rethrow_exception(parts_->failure);
            work();
            done.set_value();
        } catch (const std::exception&) {
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

double Keeper::newest() const noexcept {
    return parts_->newest.load();
}

}  // namespace plimsoll::bench
