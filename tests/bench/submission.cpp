// SPDX-License-Identifier: Apache-2.0
// From an intent to its bytes at a node: scheduler, policy, signature, journal (SQLite, synchronous=FULL),
// framing and socket, beside one signature in the same run; then a burst of 1,000 intents to a node that
// takes them all.
#include "bot/submission.hpp"

#include "bot/journal/journal_thread.hpp"
#include "bot/journal/sqlite_journal.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/faults/scripted_node.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

namespace plimsoll::bench {
namespace {

namespace asio = async::asio;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSingles = 300;
constexpr std::size_t kBurst = 1'000;
constexpr std::size_t kCalldata = 1'000;  // bytes: about what a liquidation with two hops takes
constexpr ChainId kChain{31337};
constexpr std::array<std::uint8_t, 4> kSelector{1, 2, 3, 4};

double micros(Clock::duration time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

/// A node in a thread of its own that takes every transaction and remembers when it read it.
class Sink {
  public:
    Sink() : node_{io_.get_executor(), [this](const faults::Asked& asked) { return answer(asked); }} {
        asio::co_spawn(io_, node_.run(), [](const std::exception_ptr&) {});
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~Sink() {
        io_.stop();
        thread_.join();
    }
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    [[nodiscard]] std::string url() const { return node_.ws_url(); }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_.load(); }
    [[nodiscard]] Clock::time_point last() const noexcept {
        return Clock::time_point{Clock::duration{last_.load()}};
    }

  private:
    std::vector<faults::Step> answer(const faults::Asked& asked) {
        if (asked.method == "eth_chainId") return {faults::reply(asked, "\"0x7a69\"")};
        if (asked.method != "eth_sendRawTransaction") return {faults::reply(asked, "\"0x0\"")};
        last_ = Clock::now().time_since_epoch().count();
        const std::size_t from = asked.text.find("\"0x") + 3;
        const std::size_t to = asked.text.find('"', from);
        const auto raw = parse_hex(std::string_view{asked.text}.substr(from - 2, to - from + 2)).value();
        ++taken_;
        return {faults::reply(asked, "\"" + to_string(Hash32{keccak256(raw)}) + "\"")};
    }

    asio::io_context io_{1};
    std::atomic<std::size_t> taken_ = 0;
    std::atomic<Clock::rep> last_ = 0;
    faults::ScriptedNode node_;
    std::thread thread_;
};

class OneEndpoint final : public bot::Network {
  public:
    explicit OneEndpoint(rpc::Endpoint& endpoint) : endpoint_{endpoint} {}
    async::Task<rpc::SendAnswer> send(signer::Send send) override {
        co_return co_await endpoint_.send_raw_transaction(std::move(send.raw));
    }
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32) override {
        co_return std::optional<rpc::Receipt>{};
    }
    async::Task<Result<bot::NonceCounts>> nonces(Address) override { co_return bot::NonceCounts{}; }

  private:
    rpc::Endpoint& endpoint_;
};

signer::PolicyLimits limits(const Address& sender) {
    signer::PolicyLimits out;
    out.chain = kChain;
    out.sender = sender;
    out.executor.bytes.fill(0xE0);
    out.selector = kSelector;
    out.max_gas = Gas{5'000'000};
    out.max_fee_per_gas = to_wei(Gwei{200});
    out.max_spend = cost(out.max_gas, out.max_fee_per_gas);
    return out;
}

signer::Intent intent(std::uint64_t id) {
    signer::Intent out;
    out.id = id;
    out.key.chain = kChain;
    out.key.account = Address{};
    for (std::size_t i = 0; i < 8; ++i)
        out.key.account.bytes[19 - i] = static_cast<std::uint8_t>(id >> (8 * i));
    out.to.bytes.fill(0xE0);
    out.calldata.assign(kCalldata, 0x5A);
    std::copy(kSelector.begin(), kSelector.end(), out.calldata.begin());
    out.gas_limit = Gas{800'000};
    out.last_block = BlockNumber{1'000};
    return out;
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
        : endpoint_{io_.get_executor(), endpoint_params(sink_.url())},
          network_{endpoint_},
          tasks_{io_.get_executor()} {
        signer::Key key = signer::throwaway_key().value();
        auto journal = bot::SqliteJournal::open(folder, {kChain, key.address()});
        if (!journal) throw std::runtime_error{journal.error().text};
        signer::JournalState state = (*journal)->load().value();
        journal_ = std::make_unique<bot::JournalThread>(
            *std::move(journal), [this](std::function<void()> task) { asio::post(io_, std::move(task)); });
        signer::SchedulerOptions options;
        options.chain = kChain;
        options.sender = key.address();
        options.fees = {to_wei(Gwei{1}), to_wei(Gwei{200}), {}};
        options.max_in_flight = in_flight;
        options.max_waiting = 2 * in_flight;
        const signer::Policy policy{limits(key.address())};
        submission_ = std::make_unique<bot::Submission>(
            options, policy, std::move(key), bot::Submission::Parts{network_, *journal_, tasks_}, listener());
        submission_->on(signer::Recovered{std::move(state)});
        submission_->on(signer::HeadSeen{first_head()});
    }

    void run(const std::function<async::Task<void>(World&)>& body) {
        const auto guarded = [&]() -> async::Task<void> {
            const Result<void> connected = co_await endpoint_.connect();
            if (!connected) throw std::runtime_error{connected.error().context};
            while (submission_->scheduler().state() != signer::KeyState::ready)
                co_await async::sleep_for(std::chrono::milliseconds{1});
            co_await body(*this);
            endpoint_.close();
            journal_->close();
            io_.stop();
        };
        std::exception_ptr failure;
        asio::co_spawn(io_, async::all_of(tasks_.run(), guarded()),
                       [&](std::exception_ptr thrown) { failure = thrown; });
        io_.run();
        if (failure) std::rethrow_exception(failure);
    }

    void submit(std::uint64_t id) { submission_->on(signer::IntentSubmitted{intent(id)}); }
    /// Waits until the node has read so many transactions in all.
    async::Task<Clock::time_point> taken(std::size_t count) {
        while (sink_.taken() < count || answered_ < count)
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_return sink_.last();
    }

  private:
    static rpc::EndpointParams endpoint_params(const std::string& url) {
        rpc::EndpointParams out;
        out.url = rpc::parse_url(url).value();
        out.max_in_flight = 2 * kBurst;
        out.chain_id = kChain;
        return out;
    }
    bot::SubmissionListener listener() {
        bot::SubmissionListener out;
        out.on_signed = [](const signer::Sign&, const signer::SignedTransaction&) {};
        out.on_sent = [this](const signer::Send&, signer::SendClass, const std::string&) { ++answered_; };
        out.on_report = [](const signer::Report&) {};
        out.on_declined = [](const signer::Declined& declined) {
            throw std::runtime_error{"declined: " + std::string{signer::to_string(declined.reason)}};
        };
        out.on_notice = [](const signer::Notice&) {};
        return out;
    }

    Sink sink_;
    asio::io_context io_{1};
    rpc::Endpoint endpoint_;
    OneEndpoint network_;
    async::TaskGroup tasks_;
    std::unique_ptr<bot::JournalThread> journal_;
    std::unique_ptr<bot::Submission> submission_;
    std::size_t answered_ = 0;
};

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
    const auto start = Clock::now();
    for (int i = 0; i < kRounds; ++i) {
        if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error{"fdatasync"};
    }
    const double spent = micros(Clock::now() - start);
    ::close(file);
    return spent / kRounds;
}

async::Task<void> one_by_one(World& world, std::vector<double>& out) {
    for (std::uint64_t id = 1; id <= kSingles; ++id) {
        const auto start = Clock::now();
        world.submit(id);
        const Clock::time_point read = co_await world.taken(id);
        out.push_back(micros(read - start));
    }
}

async::Task<void> burst(World& world, double& out) {
    const auto start = Clock::now();
    for (std::uint64_t id = 1; id <= kBurst; ++id)
        world.submit(id);
    const Clock::time_point read = co_await world.taken(kBurst);
    out = micros(read - start);
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
    double all = 0;
    double durable = 0;
    {
        const Folder folder;
        durable = durable_micros(folder.path());
        World world{folder.path(), kBurst};
        world.run([&](World& here) { return burst(here, all); });
    }
    std::sort(singles.begin(), singles.end());
    const double median = singles[singles.size() / 2];
    const double tail = singles[singles.size() * 99 / 100];
    const double rate = 100 * signature * kBurst / all;
    std::printf("submission: one signature                                %9.1f us\n", signature);
    std::printf("submission: one durable write of 4 KiB                   %9.1f us\n", durable);
    std::printf(
        "submission: intent to bytes read by a node, median       %9.1f us   %.1f signatures, %.1f durable "
        "writes\n",
        median, median / signature, median / durable);
    std::printf("submission: intent to bytes read by a node, 99 %%         %9.1f us\n", tail);
    std::printf("submission: a burst of %zu intents                      %9.0f us   %.0f a second\n", kBurst,
                all, 1e6 * static_cast<double>(kBurst) / all);
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
