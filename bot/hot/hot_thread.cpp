// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/hot_thread.hpp"

#include "bot/hot/hot_line.hpp"
#include "bot/hot/newest.hpp"
#include "bot/hot/warm_up.hpp"
#include "chain/async/bell.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <exception>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace asio = boost::asio;

/// What belongs to the thread itself. Its event loop takes no locks, so no other thread touches it while it
/// runs: others leave word and ring.
struct HotThread::Inside {
    Inside(HotThread& owner, Params params_in, std::function<void()> wake)
        : params{std::move(params_in)},
          line{io.get_executor(), params.ways, owner.handover_, std::move(wake)} {
        // Here, before there is a thread: whoever ends it at once is heard after this has begun. A coroutine
        // that is cancelled before it began makes Asio 1.81 throw out of the event loop.
        asio::co_spawn(
            io, line.live(),
            asio::bind_cancellation_slot(end.slot(), [this](const std::exception_ptr&) { io.stop(); }));
        asio::post(io, [this] { listen(); });
    }

    void listen();
    void look();

    asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    Params params;
    HotLine line;
    asio::cancellation_signal end;
    async::Bell bell{io.get_executor()};
    Newest<Watch> answers;  // word from the writer thread, like what follows
    std::atomic<bool> ending{false};
    std::optional<WarmUp> warm;  // of a thread that spins
};

/// First heard after `live` has begun, as whoever is posted later comes later.
void HotThread::Inside::listen() {
    bell.wait([this](const boost::system::error_code& gone) {
        if (gone) return;
        if (const auto next = answers.take()) line.watch(std::move(*next));
        if (ending.load(std::memory_order_acquire)) return end.emit(asio::cancellation_type::terminal);
        listen();
    });
}

/// Between two looks for frames: sees to what the next one will need. As there is always one of these to be
/// done, the event loop never sleeps; and as it never returns, what it allocated for an operation is there
/// for the next.
void HotThread::Inside::look() {
    if (warm->due()) {
        line.rehearse();
        warm->exchange();
    }
    asio::post(io, [this] { look(); });
}

HotThread::HotThread(Params params, std::function<void()> wake)
    : handover_{params.ways.size()},
      inside_{std::make_unique<Inside>(*this, std::move(params), std::move(wake))},
      thread_{[this] { run(); }} {}

HotThread::~HotThread() {
    inside_->ending.store(true, std::memory_order_release);
    inside_->bell.rope().pull();
    thread_.join();
}

void HotThread::run() {
    if (inside_->params.spin) {
        inside_->warm.emplace();
        inside_->look();
    }
    inside_->io.run();
}

Result<void> HotThread::keep_to(unsigned core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    const int failed = pthread_setaffinity_np(thread_.native_handle(), sizeof cores, &cores);
    if (failed == 0) return {};
    return fail(Errc::refused, std::generic_category().message(failed));
}

void HotThread::watch(Watch answers) {
    inside_->answers.put(std::move(answers));
    inside_->bell.rope().pull();
}

HotCounts HotThread::counts() const noexcept {
    return inside_->line.counts();
}

}  // namespace plimsoll::bot
