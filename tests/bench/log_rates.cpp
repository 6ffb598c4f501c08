// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/log_rates.hpp"

#include "chain/rpc/message_reader.hpp"
#include "tests/bench/goals/timing.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;

namespace {

constexpr std::size_t kMaxMessage = std::size_t{1} << 30U;

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
class FollowingMarket {
  public:
    explicit FollowingMarket(const AaveAnswer& answer)
        : answer_{answer}, venue_{params(answer.blocks.size())} {
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
        if (book.size() < answer_.accounts || book.quarantined_count() != 0)
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

}  // namespace

LogRates measure_logs(const AaveAnswer& answer, int rounds) {
    std::string padded = answer.text;
    padded.resize(answer.text.size() + rpc::kFramePadding);
    const std::string_view frame = std::string_view{padded}.substr(0, answer.text.size());
    rpc::MessageReader reader{kMaxMessage};
    FollowingMarket market{answer};
    std::vector<double> parse_only;
    std::vector<double> applied;
    // In turns, so that what disturbs the machine disturbs both.
    for (int round = 0; round < rounds; ++round) {
        std::size_t read = 0;
        parse_only.push_back(timed([&] { read = parsed(reader, frame).size(); }));
        if (read != answer.logs) throw std::runtime_error{"logs are missing"};
        applied.push_back(timed([&] { market.apply(parsed(reader, frame)); }));
        market.check();
        market.undo();
    }
    const auto logs = static_cast<double>(answer.logs);
    return {logs / median(parse_only) * 1e9, logs / median(applied) * 1e9};
}

}  // namespace plimsoll::bench
