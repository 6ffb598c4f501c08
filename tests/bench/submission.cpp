// SPDX-License-Identifier: Apache-2.0
// From an intent to its bytes at a node: scheduler, policy, signature, journal (SQLite, synchronous=FULL),
// framing and socket, beside one signature in the same run; then a burst of 1,000 intents to a node that
// takes them all.
#include "chain/async/all_of.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/deadline.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/bench/driven_submission.hpp"
#include "tests/bench/light_node.hpp"
#include "tests/bench/one_endpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSingles = 300;
constexpr std::size_t kBurst = 1'000;
constexpr int kBurstRounds = 5;

double micros(Clock::duration time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

Head first_head() {
    Head out;
    out.number = BlockNumber{100};
    out.hash.bytes[0] = 1;
    out.base_fee = to_wei(Gwei{10});
    out.gas_limit = Gas{30'000'000};
    out.gas_used = Gas{15'000'000};
    return out;
}

/// The submission as the keeper has it, over one endpoint and a journal on the disk.
class World {
  public:
    explicit World(const std::filesystem::path& folder, std::size_t in_flight)
        : endpoint_{io_.get_executor(), endpoint_params(node_.url(), 2 * kBurst)},
          network_{endpoint_},
          tasks_{io_.get_executor()},
          submission_{io_,       network_, tasks_, folder, signer::throwaway_key().value(), terms(in_flight),
                      listener()} {}

    void run(const std::function<async::Task<void>(World&)>& body) {
        const auto guarded = [&]() -> async::Task<void> {
            const Result<void> connected = co_await endpoint_.connect();
            if (!connected) throw std::runtime_error{connected.error().context};
            submission_.recover();
            submission_->on(signer::HeadSeen{first_head()});
            while (submission_->scheduler().state() != signer::KeyState::ready)
                co_await async::sleep_for(std::chrono::milliseconds{1});
            co_await body(*this);
            endpoint_.close();
            submission_.close();
            io_.stop();
        };
        run_until_ended(io_, async::all_of(tasks_.run(), guarded()));
    }

    void submit(std::uint64_t id) { submission_->on(signer::IntentSubmitted{intent(id)}); }
    /// Waits until the node has read so many transactions in all.
    async::Task<Clock::time_point> taken(std::size_t count) {
        wanted_ = count;
        while (answered_ < count)
            co_await changed_.wait();
        co_return node_.last();
    }
    [[nodiscard]] LightNode& node() noexcept { return node_; }

  private:
    static DrivenSubmission::Terms terms(std::size_t in_flight) {
        DrivenSubmission::Terms out;
        out.options.max_in_flight = in_flight;
        out.options.max_waiting = 2 * in_flight;
        out.options.reserve_block = 2 * in_flight;  // as the keeper does
        return out;
    }
    bot::SubmissionListener listener() {
        bot::SubmissionListener out;
        out.on_signed = [](const signer::Sign&, const signer::SignedTransaction&) {};
        out.on_sent = [this](const signer::Send&, signer::SendClass, const std::string&) {
            if (++answered_ == wanted_) changed_.notify_all();
        };
        out.on_report = [](const signer::Report&) {};
        out.on_declined = [](const signer::Declined& declined) {
            throw std::runtime_error{"declined: " + std::string{signer::to_string(declined.reason)}};
        };
        out.on_notice = [](const signer::Notice&) {};
        return out;
    }

    LightNode node_;
    async::asio::io_context io_{1};
    rpc::Endpoint endpoint_;
    OneEndpoint network_;
    async::TaskGroup tasks_;
    DrivenSubmission submission_;
    std::size_t answered_ = 0;
    std::size_t wanted_ = 0;
    async::Condition changed_{io_.get_executor()};
};

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

double signature_micros() {
    constexpr int kRounds = 4'000;
    const signer::Key key = signer::throwaway_key().value();
    Hash32 digest = keccak256(std::string_view{"plimsoll"});
    const auto start = Clock::now();
    for (int i = 0; i < kRounds; ++i) {
        const signer::Signature signature = key.sign(digest);
        digest = signature.s;
    }
    const double spent = micros(Clock::now() - start);
    return spent / kRounds +
           (digest.bytes[0] == 0 && digest.bytes[1] == 0 ? 1e-12 : 0);  // not optimised away
}

/// What it takes here and now to have four more kilobytes of a file on the disk: no journal can be quicker.
double durable_micros(const std::filesystem::path& folder) {
    constexpr int kRounds = 100;
    const std::string block(4'096, 'p');
    const int file = ::open((folder / "durable").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    if (file < 0) throw std::runtime_error{"no file can be made in " + folder.string()};
    std::vector<double> rounds;
    for (int i = 0; i < kRounds; ++i) {
        const auto start = Clock::now();
        if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error{"fdatasync"};
        rounds.push_back(micros(Clock::now() - start));
    }
    ::close(file);
    return median_of(std::move(rounds));
}

async::Task<void> one_by_one(World& world, std::vector<double>& out) {
    for (std::uint64_t id = 1; id <= kSingles; ++id) {
        const auto start = Clock::now();
        world.submit(id);
        const Clock::time_point read = co_await world.taken(id);
        out.push_back(micros(read - start));
    }
}

/// What threads used of the processor.
struct Spent {
    double writer = 0;
    double node = 0;
    double others = 0;  // journal and signatures
};

double clock_micros(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

Spent spent(World& world) {
    Spent out;
    out.writer = clock_micros(CLOCK_THREAD_CPUTIME_ID);
    out.node = std::chrono::duration<double, std::micro>(world.node().spent()).count();
    out.others = clock_micros(CLOCK_PROCESS_CPUTIME_ID) - out.writer - out.node;
    return out;
}

struct Burst {
    double first = 0;   // intent to bytes
    double micros = 0;  // all of them
    Spent spent;
};

/// After one intent that everything is warm and reserved by.
async::Task<void> burst(World& world, Burst& out) {
    world.submit(1);
    co_await world.taken(1);
    world.node().mark(2);
    const Spent before = spent(world);
    const auto start = Clock::now();
    for (std::uint64_t id = 2; id <= kBurst + 1; ++id)
        world.submit(id);
    const Clock::time_point read = co_await world.taken(kBurst + 1);
    out.micros = micros(read - start);
    out.first = micros(world.node().marked() - start);
    const Spent now = spent(world);
    out.spent = {now.writer - before.writer, now.node - before.node, now.others - before.others};
}

/// A folder that is gone afterwards.
class Folder {
  public:
    Folder()
        : path_{std::filesystem::temp_directory_path() / ("plimsoll-bench-" + std::to_string(::getpid()))} {
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

void measure() {
    const double signature = signature_micros();
    std::vector<double> singles;
    {
        const Folder folder;
        World world{folder.path(), 2 * kSingles};
        world.run([&](World& here) { return one_by_one(here, singles); });
    }
    double durable = 0;
    std::vector<Burst> bursts;
    std::vector<double> rates;
    for (int round = 0; round < kBurstRounds; ++round) {
        const Folder folder;
        durable = durable_micros(folder.path());
        const double beside = signature_micros();
        World world{folder.path(), kBurst + 1};
        world.run([&](World& here) { return burst(here, bursts.emplace_back()); });
        rates.push_back(100 * beside * kBurst / bursts.back().micros);
    }
    std::sort(bursts.begin(), bursts.end(),
              [](const Burst& a, const Burst& b) { return a.micros < b.micros; });
    const Burst& all = bursts.at(bursts.size() / 2);
    std::sort(singles.begin(), singles.end());
    const double median = singles[singles.size() / 2];
    const double tail = singles[singles.size() * 99 / 100];
    const double rate = median_of(rates);
    std::printf("submission: one signature                                %9.1f us\n", signature);
    std::printf("submission: one durable write of 4 KiB                   %9.1f us\n", durable);
    std::printf(
        "submission: intent to bytes read by a node, median       %9.1f us   %.1f signatures, %.1f durable "
        "writes\n",
        median, median / signature, median / durable);
    std::printf("submission: intent to bytes read by a node, 99 %%         %9.1f us\n", tail);
    std::printf("submission: a burst of %zu intents                      %9.0f us   %.0f a second\n", kBurst,
                all.micros, 1e6 * static_cast<double>(kBurst) / all.micros);
    std::printf("submission: the first of it                              %9.0f us\n", all.first);
    std::printf(
        "submission: processor an intent of it takes              %9.1f us on the writer thread, %.1f us "
        "journal "
        "and signature, %.1f us the node\n",
        all.spent.writer / kBurst, all.spent.others / kBurst, all.spent.node / kBurst);
    std::printf(
        "submission: the same, of what signatures alone allow     %9.0f %%    goal >= 95 %%      %s\n", rate,
        rate >= 95 ? "holds" : "does not hold");
}

}  // namespace
}  // namespace plimsoll::bench

int main() {
    try {
        plimsoll::bench::measure();
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
