// SPDX-License-Identifier: Apache-2.0
// How much of parsing's speed is left once the logs are in the book, and how long a start from a snapshot
// takes. Writes the answer it reads to the file that is named, for the same to be read by viem; prints
// "name value" lines, which decode.mjs turns into ratios.
#include "chain/rpc/message_reader.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/bench/aave_answer.hpp"
#include "tests/bench/scripted_stage.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace plimsoll::bench {
namespace {

namespace aave = strategy::aave_v3;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAccounts = 2'500;
constexpr std::size_t kActions = 10'000;
constexpr int kRounds = 15;
constexpr std::size_t kSnapshotAccounts = 100'000;
constexpr std::size_t kMaxMessage = std::size_t{1} << 30U;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Every request was for logs.
class LogsAsked final : public rpc::MessageContext {
  public:
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override {
        return rpc::Method::get_logs;
    }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view) const override { return {}; }
};

std::vector<Log> parsed(rpc::MessageReader& reader, std::string_view frame) {
    auto message = reader.read(frame, LogsAsked{});
    if (!message) throw std::runtime_error{message.error().context};
    auto& answer = std::get<rpc::Reply>(*message).answer;
    if (!answer) throw std::runtime_error{answer.error().text};
    return std::get<std::vector<Log>>(*std::move(answer));
}

/// A scripted market that follows the answer's blocks, and goes back to the beginning.
class Market {
  public:
    explicit Market(const AaveAnswer& answer) : answer_{answer}, venue_{params(answer.blocks.size())} {
        aave::ScriptedMarket market;
        if (const auto done = market.bootstrap(venue_); !done) throw std::runtime_error{done.error().context};
    }

    void apply(std::span<const Log> logs) {
        for (const Head& block : answer_.blocks) {
            const auto own = logs.first(std::min(answer_.logs_per_block, logs.size()));
            logs = logs.subspan(own.size());
            if (const auto done = venue_.apply(block, own); !done)
                throw std::runtime_error{done.error().context};
        }
    }

    void undo() {
        for (auto block = answer_.blocks.rbegin(); block != answer_.blocks.rend(); ++block)
            venue_.undo(block->hash);
        if (!venue_.in_step()) throw std::runtime_error{"the market cannot go back"};
    }

    /// Everybody has withdrawn and paid back in the end, and nobody is in doubt.
    void check() const {
        const strategy::Book& book = venue_.book();
        if (book.size() < kAccounts || book.quarantined_count() != 0)
            throw std::runtime_error{"the book does not hold what the logs told"};
    }

  private:
    static strategy::AaveV3Params params(std::size_t blocks) {
        strategy::AaveV3Params out = aave::ScriptedMarket::params();
        out.undo_blocks = blocks + 1;
        return out;
    }

    const AaveAnswer& answer_;
    strategy::AaveV3Venue venue_;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure_logs(const AaveAnswer& answer) {
    std::string padded = answer.text;
    padded.resize(answer.text.size() + rpc::kFramePadding);
    const std::string_view frame = std::string_view{padded}.substr(0, answer.text.size());
    rpc::MessageReader reader{kMaxMessage};
    Market market{answer};
    std::vector<double> parse_only;
    std::vector<double> applied;
    // In turns, so that what disturbs the machine disturbs both.
    for (int round = 0; round < kRounds; ++round) {
        auto start = Clock::now();
        if (parsed(reader, frame).size() != answer.logs) throw std::runtime_error{"logs are missing"};
        parse_only.push_back(seconds_since(start));
        start = Clock::now();
        market.apply(parsed(reader, frame));
        applied.push_back(seconds_since(start));
        market.check();
        market.undo();
    }
    const auto logs = static_cast<double>(answer.logs);
    std::printf("logs %zu\nbytes %zu\n", answer.logs, answer.text.size());
    std::printf("parse_only_logs_per_second %.0f\n", logs / median(parse_only));
    std::printf("applied_logs_per_second %.0f\n", logs / median(applied));
}

void measure_snapshot() {
    ScriptedStage stage{kSnapshotAccounts};
    const auto saved = stage.engine().save();
    if (!saved) throw std::runtime_error{saved.error().context};
    const auto start = Clock::now();
    stage.restart(*saved);
    std::printf("snapshot_accounts %zu\nsnapshot_bytes %zu\n", kSnapshotAccounts, saved->size());
    std::printf("snapshot_to_ready_ms %.1f\n", 1e3 * seconds_since(start));
}

}  // namespace
}  // namespace plimsoll::bench

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: plimsoll_decode_bench FILE\n", stderr);
        return 64;
    }
    try {
        const auto answer =
            plimsoll::bench::aave_answer(plimsoll::bench::kActions, plimsoll::bench::kAccounts);
        std::ofstream{arguments[1]} << answer.text;
        plimsoll::bench::measure_logs(answer);
        plimsoll::bench::measure_snapshot();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
