// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/condition.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/endpoint_health.hpp"
#include "chain/rpc/log_ranges.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::rpc {

/// A configured node of one chain, and how to read from it. `source`, `health`, `use` and `read_only` of the
/// parameters are set by the pool.
struct PoolMember {
    std::string name;  // as the operator calls it
    EndpointParams read;
    EndpointHealthParams health{};
};

struct PoolParams {
    std::chrono::milliseconds probe_every{10'000};  // those that are not alive
    std::chrono::milliseconds patience{5'000};      // while no reader is connected
    std::chrono::milliseconds pause{200};           // before those that failed are asked again
    std::uint64_t first_log_span = 10'000;          // blocks asked for at first
    std::uint32_t log_requests = 4;                 // of one query, at once, of each node
};

/// How far long log queries are, all of the pool's life together.
struct LogProgress {
    std::uint64_t blocks_done{};
    std::uint64_t blocks_total{};
};

/// The configured endpoints of one chain: their health, and a reading connection to each. Members are known
/// by their place, which is their SourceId. The last one that lives is never given up: with no better one,
/// one that lags, or was told to wait, or is unreachable is asked all the same; never one of another chain.
class EndpointPool {
  public:
    /// At least one member.
    EndpointPool(async::asio::any_io_executor executor, std::vector<PoolMember> members,
                 PoolParams params = {});
    EndpointPool(const EndpointPool&) = delete;
    EndpointPool& operator=(const EndpointPool&) = delete;
    ~EndpointPool();

    /// Keeps the readers connected and looks after those that are not alive, until cancelled.
    async::Task<void> run();
    /// Waits for the first reader that run() connects: Errc::timed_out with a failure, or what waiting does
    /// not mend at any of them (see `is_lasting`).
    async::Task<Result<void>> wait_ready(std::chrono::milliseconds limit);

    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
    [[nodiscard]] const std::string& name(SourceId who) const;
    [[nodiscard]] EndpointHealth& health(SourceId who);
    [[nodiscard]] Endpoint& reader(SourceId who);
    /// Those whose reader is connected, the best first: alive before all else, then those whose head this
    /// block was, then the quick.
    [[nodiscard]] std::vector<SourceId> ranked(const Hash32& block = {});

    /// From the best member that can answer; over long ranges logs come from several at once. Every one of
    /// them proves before and afterwards that the block is on its chain. See Endpoint::execute.
    async::Task<ReadResult> execute(ReadRequest request);
    /// The block at this height, if all that are alive and have it tell the same one: Errc::unproven if not,
    /// Errc::not_found if nobody has it.
    async::Task<Result<Header>> canonical(BlockNumber number);
    /// One question to the best member, then to the others while it fails, within bounds.
    template <class T>
    async::Task<Result<T>> ask(std::function<async::Task<Result<T>>(Endpoint&)> question, Hash32 block = {});

    [[nodiscard]] const LogProgress& log_progress() const noexcept { return progress_; }

  private:
    struct Member {
        std::string name;
        EndpointHealth health;
        LogSpan span;
        std::unique_ptr<Endpoint> reader;
    };
    struct Tries {
        std::vector<bool> tried;
        unsigned asked = 0;
        Error last{Errc::disconnected, "no endpoint is connected"};
    };
    struct LogJob;

    void refresh();
    async::Task<void> look_after(Member& member);
    async::Task<void> probe(Member& member);
    async::Task<std::optional<SourceId>> next_try(Tries& tries, Hash32 block);
    async::Task<Result<Bytes>> read_logs(LogQuery query, Hash32 block);
    async::Task<void> read_round(LogJob& job, std::vector<SourceId> who);
    async::Task<void> log_worker(LogJob& job, SourceId who);
    async::Task<bool> log_step(LogJob& job, SourceId who, LogPart part);
    async::Task<bool> proves(LogJob& job, SourceId who);
    [[nodiscard]] std::vector<SourceId> readers_for(const LogJob& job);

    async::asio::any_io_executor executor_;
    PoolParams params_;
    std::vector<std::unique_ptr<Member>> members_;
    LogProgress progress_;
};

template <class T>
async::Task<Result<T>> EndpointPool::ask(std::function<async::Task<Result<T>>(Endpoint&)> question,
                                         Hash32 block) {
    Tries tries;
    for (;;) {
        const std::optional<SourceId> who = co_await next_try(tries, block);
        if (!who) co_return tl::make_unexpected(std::move(tries.last));
        Result<T> answer = co_await question(reader(*who));
        // A revert is the chain's own answer, the same everywhere.
        if (answer || answer.error().code == Errc::reverted) co_return answer;
        tries.last = std::move(answer).error();
    }
}

}  // namespace plimsoll::rpc
