// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/read_request.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/venue.hpp"

#include <array>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

/// Reads pools at one block hash: price, liquidity, and the bitmap words and ticks around the price; more
/// words where they are wanted; and compares what we compute with what QuoterV2 answers. A pool that is laid
/// out in another way, or computes in another way, is refused.
class PoolReader {
  public:
    /// How much of a token is sold to compare with QuoterV2; zero where nothing is known of it.
    using Sample = std::function<TokenAmount(const Address& token)>;

    PoolReader(const Address& quoter, std::uint32_t max_outstanding)
        : quoter_{quoter}, max_outstanding_{max_outstanding} {}

    void reset();
    /// Sales down to the lower end of what is known, or up to the upper, are wanted.
    void want_more(PoolId pool, bool lower);
    /// The requests that are due at `at`, the newest block applied. `following`: what fails is tried again
    /// with the next block, and now and then a pool is compared with QuoterV2; otherwise a failure is an
    /// error.
    void next_reads(const Head& at, const PoolTable& pools, const Sample& sample, bool following,
                    const NextReadId& next_id, std::vector<ReadRequest>& out);
    /// False if it is not an answer to this reader. Errc::no_code if there is no QuoterV2.
    [[nodiscard]] Result<bool> accept(const ReadResult& result, PoolTable& pools);

    [[nodiscard]] std::size_t outstanding() const noexcept { return requests_.size(); }
    /// Pools that are being read, or wait for it.
    [[nodiscard]] std::size_t busy() const noexcept { return jobs_.size(); }
    /// Comparisons made with QuoterV2, and what was refused with why, each told once.
    [[nodiscard]] std::uint64_t compared() const noexcept { return compared_; }
    [[nodiscard]] std::vector<std::string> take_refusals() { return std::exchange(refusals_, {}); }

  private:
    enum class Want : std::uint8_t { whole, lower, upper, check };
    enum class Step : std::uint8_t { facts, words, ticks, quotes };
    enum class Ask : std::uint8_t { slot0, liquidity, spacing, word, tick, quote };
    struct Task {
        PoolId pool{};
        Ask ask{};
        uniswap_v3::Tick at{};    // word or tick
        DirectionId direction{};  // of a quote
        TokenAmount amount;
        TokenAmount expected_out;
        U256 expected_price;
    };
    struct Job {
        Want want{};
        Step step{};
        Head at;
        PoolTable::Versions versions;
        uniswap_v3::PoolState draft;
        uniswap_v3::Tick first_word{};
        uniswap_v3::Tick last_word{};
        std::vector<uniswap_v3::InitialisedTick> ticks;
        std::vector<uniswap_v3::Tick> initialised;
        std::size_t left = 0;  // answers to come for this step
        std::string fault;     // why the pool is to be refused
        bool following = false;
        std::array<TokenAmount, 2> samples;  // of token0 and token1
    };
    struct Request {
        std::vector<Task> tasks;
        bool following{};
    };
    struct Sides {
        bool lower = false;
        bool upper = false;
    };
    /// Ticks on both sides of the price that are read at first: down to two thirds of the price, up to half
    /// as much again. A quarter of it must be left to the end of what is known.
    static constexpr uniswap_v3::Tick kReach = 4055;

    void start(PoolId pool, Want want, const Head& at, const PoolTable& pools, const Sample& sample,
               bool following);
    void start_due(const Head& at, const PoolTable& pools, const Sample& sample, bool following);
    void start_wider(PoolId pool, const Head& at, const PoolTable& pools, const Sample& sample,
                     bool following);
    [[nodiscard]] Sides sides_due(PoolId pool, const PoolTable& pools) const;
    void drop_failed(const Request& request);
    void ask(Job& job, const Task& task);
    void ask_words(PoolId pool, Job& job);
    void ask_quotes(PoolId pool, Job& job, const PoolTable& pools);
    void take(Job& job, const Task& task, bool success, BytesView data);
    void take_quote(Job& job, const Task& task, bool success, BytesView data);
    /// The next step once a step's answers are complete; erases the job when there is none.
    void advance(PoolId pool, PoolTable& pools);
    [[nodiscard]] bool next_step(PoolId pool, Job& job, PoolTable& pools);
    void keep(PoolId pool, Job& job, PoolTable& pools);
    [[nodiscard]] Call call_of(const Task& task, const PoolTable& pools) const;

    Address quoter_;
    std::uint32_t max_outstanding_;
    std::unordered_map<PoolId, Job> jobs_;
    std::deque<Task> queue_;
    std::unordered_map<ReadId, Request> requests_;
    std::unordered_map<PoolId, Sides> wanted_;
    std::unordered_map<PoolId, BlockNumber> failed_;  // at which block
    BlockNumber checked_;                             // block of the newest comparison
    PoolId next_check_ = 0;
    std::uint64_t compared_ = 0;
    std::vector<std::string> refusals_;
    bool quoter_missing_ = false;
};

}  // namespace plimsoll::strategy
