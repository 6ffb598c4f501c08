// SPDX-License-Identifier: Apache-2.0
// Sixteen intents at once to a real node, until the last of their receipts: the submission with scheduler,
// policy, the well-known development key, journal (synchronous=FULL) and one WebSocket. Each line "go" on
// standard input is a round; its time is told on standard output in microseconds. tests/bench/sixteen.mjs
// drives it.
//   plimsoll_sixteen_bench <ws url> <data folder>
#include "chain/async/all_of.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/deadline.hpp"
#include "tests/bench/driven_submission.hpp"
#include "tests/bench/one_endpoint.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace plimsoll::bench {
namespace {

namespace asio = async::asio;
using async::Task;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 16;
constexpr std::uint64_t kGoodFor = 1'000'000;  // blocks: none is to expire

class Sixteen {
  public:
    Sixteen(asio::io_context& io, const std::string& url, const std::filesystem::path& folder)
        : io_{io},
          tasks_{io.get_executor()},
          changed_{io.get_executor()},
          endpoint_{io.get_executor(), endpoint_params(url, 1'000)},
          network_{endpoint_},
          submission_{io, network_,  tasks_, folder, signer::dev_key(kChain, std::vector{url}).value(),
                      {}, listener()} {
        submission_.recover();
    }

    Task<void> run() {
        const Result<void> connected = co_await endpoint_.connect();
        if (!connected) throw std::runtime_error{connected.error().context};
        endpoint_.on_notification([this](rpc::Notification&& told) {
            if (const auto* const header = std::get_if<rpc::Header>(&told.body)) see(header->head);
        });
        const Result<std::uint32_t> subscribed = co_await endpoint_.subscribe_heads();
        if (!subscribed) throw std::runtime_error{subscribed.error().context};
        const Result<rpc::Header> latest = co_await endpoint_.latest_block();
        if (!latest) throw std::runtime_error{latest.error().context};
        see(latest->head);
        co_await async::all_of(tasks_.run(), tell_time(), play());
    }

  private:
    bot::SubmissionListener listener() {
        bot::SubmissionListener out;
        out.on_signed = [](const signer::Sign&, const signer::SignedTransaction&) {};
        out.on_sent = [](const signer::Send&, signer::SendClass, const std::string&) {};
        out.on_report = [this](const signer::Report& report) {
            if (report.stage != signer::ReportStage::included) return;
            if (report.outcome.kind != OutcomeKind::confirmed) throw std::runtime_error{"it did not succeed"};
            if (++landed_ == wanted_) changed_.notify_all();
        };
        out.on_declined = [](const signer::Declined& declined) {
            throw std::runtime_error{"declined: " + std::string{signer::to_string(declined.reason)}};
        };
        out.on_notice = [](const signer::Notice& notice) {
            std::fprintf(stderr, "%s\n", notice.text.c_str());
        };
        return out;
    }

    void see(const Head& head) {
        head_ = head.number;
        submission_->on(signer::HeadSeen{head});
    }

    Task<void> tell_time() {
        for (;;) {
            submission_.tell_time();
            co_await async::sleep_for(std::chrono::seconds{1});
        }
    }

    /// A round for each line; the end of the input ends the program.
    Task<void> play() {
        InputLines input{io_};
        while (co_await input.next())
            co_await round();
        endpoint_.close();
        submission_.close();
        io_.stop();
    }

    Task<void> round() {
        while (submission_->scheduler().state() != signer::KeyState::ready)
            co_await async::sleep_for(std::chrono::milliseconds{1});
        wanted_ = landed_ + kAtOnce;
        const Clock::time_point start = Clock::now();
        for (std::size_t i = 0; i < kAtOnce; ++i) {
            signer::Intent wanted = intent(next_++);
            wanted.last_block = head_.next(kGoodFor);
            submission_->on(signer::IntentSubmitted{std::move(wanted)});
        }
        while (landed_ < wanted_)
            co_await changed_.wait();
        const auto spent = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
        std::printf("%.0f\n", spent);
        std::fflush(stdout);
    }

    asio::io_context& io_;
    async::TaskGroup tasks_;
    async::Condition changed_;
    rpc::Endpoint endpoint_;
    OneEndpoint network_;
    DrivenSubmission submission_;
    BlockNumber head_;
    std::uint64_t next_ = 1;
    std::size_t landed_ = 0;
    std::size_t wanted_ = 0;
};

int run(const std::string& url, const std::filesystem::path& folder) {
    asio::io_context io{1};
    Sixteen sixteen{io, url, folder};
    run_until_ended(io, sixteen.run());
    return 0;
}

}  // namespace
}  // namespace plimsoll::bench

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    try {
        return plimsoll::bench::run(argv[1], argv[2]);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
