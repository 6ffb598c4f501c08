// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_reader.hpp"

#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kCallsPerRead = 160;
constexpr std::size_t kQuotesPerRead = 16;   // each may take half a million gas
constexpr uniswap_v3::Tick kMaxWords = 128;  // asked for at a time
constexpr std::uint64_t kBlocksPerCheck = 4;

}  // namespace

void PoolReader::reset() {
    jobs_.clear();
    queue_.clear();
    requests_.clear();
    wanted_.clear();
    failed_.clear();
    next_check_ = 0;
    quoter_missing_ = false;
}

void PoolReader::want_more(PoolId pool, bool lower) {
    (lower ? wanted_[pool].lower : wanted_[pool].upper) = true;
}

void PoolReader::start(PoolId pool, Want want, const Head& at, const PoolTable& pools, const Sample& sample,
                       bool following) {
    const uniswap_v3::PoolState& state = pools.state(pool);
    const Hop hop = pools.hop(pool * 2);
    Job job{want, Step::facts, at, pools.versions(pool), state, 0, 0, {}, {}, 0, {}, following, {}};
    job.samples = {sample(hop.token_in), sample(hop.token_out)};
    Job& placed = jobs_.insert_or_assign(pool, std::move(job)).first->second;
    const uniswap_v3::PoolLiquidity& known = state.liquidity;
    const auto width = std::min(kMaxWords, known.last_word() - known.first_word() + 1);
    switch (want) {
        case Want::whole:
            for (const Ask what : {Ask::slot0, Ask::liquidity, Ask::spacing})
                ask(placed, Task{pool, what, 0, 0, {}, {}, {}});
            return;
        case Want::lower:
            placed.last_word = known.first_word() - 1;
            placed.first_word = std::max(known.lowest_word(), known.first_word() - width);
            return ask_words(pool, placed);
        case Want::upper:
            placed.first_word = known.last_word() + 1;
            placed.last_word = std::min(known.highest_word(), known.last_word() + width);
            return ask_words(pool, placed);
        case Want::check:
            ask_quotes(pool, placed, pools);
            if (placed.left == 0) jobs_.erase(pool);
    }
}

PoolReader::Sides PoolReader::sides_due(PoolId pool, const PoolTable& pools) const {
    const auto& [slot, known] = pools.state(pool);
    if (slot.sqrt_price.is_zero()) return {};
    const auto wanted = wanted_.find(pool);
    Sides out = wanted == wanted_.end() ? Sides{} : wanted->second;
    const uniswap_v3::Tick margin = kReach / 4;
    out.lower = out.lower || known.word_of(slot.tick - margin) < known.first_word();
    out.upper = out.upper || known.word_of(slot.tick + margin) > known.last_word();
    out.lower = out.lower && known.first_word() > known.lowest_word();
    out.upper = out.upper && known.last_word() < known.highest_word();
    return out;
}

void PoolReader::start_wider(PoolId pool, const Head& at, const PoolTable& pools, const Sample& sample,
                             bool following) {
    const Sides due = sides_due(pool, pools);
    if (due.lower || due.upper)
        start(pool, due.lower ? Want::lower : Want::upper, at, pools, sample, following);
    if (!due.lower || !due.upper) {
        wanted_.erase(pool);
    } else {
        wanted_[pool] = Sides{false, true};
    }
}

void PoolReader::start_due(const Head& at, const PoolTable& pools, const Sample& sample, bool following) {
    const auto count = static_cast<PoolId>(pools.size());
    for (PoolId pool = 0; pool < count; ++pool) {
        if (pools.refused(pool) || jobs_.contains(pool)) continue;
        const auto failed = failed_.find(pool);
        if (failed != failed_.end() && failed->second == at.number) continue;
        if (pools.known(pool)) {
            start_wider(pool, at, pools, sample, following);
        } else {
            start(pool, Want::whole, at, pools, sample, following);
        }
    }
    if (!following || count == 0 || at.number < checked_.next(kBlocksPerCheck)) return;
    checked_ = at.number;
    next_check_ = (next_check_ + 1) % count;
    if (pools.known(next_check_) && !jobs_.contains(next_check_))
        start(next_check_, Want::check, at, pools, sample, following);
}

void PoolReader::next_reads(const Head& at, const PoolTable& pools, const Sample& sample, bool following,
                            const NextReadId& next_id, std::vector<ReadRequest>& out) {
    start_due(at, pools, sample, following);
    while (!queue_.empty() && requests_.size() < max_outstanding_) {
        Request request;
        std::vector<Call> calls;
        const Hash32 block = jobs_.at(queue_.front().pool).at.hash;
        request.following = jobs_.at(queue_.front().pool).following;
        std::size_t quotes = 0;
        while (!queue_.empty() && calls.size() < kCallsPerRead && quotes < kQuotesPerRead) {
            const Task& task = queue_.front();
            if (jobs_.at(task.pool).at.hash != block) break;
            quotes += task.ask == Ask::quote ? 1U : 0U;
            calls.push_back(call_of(task, pools));
            request.tasks.push_back(task);
            queue_.pop_front();
        }
        const ReadId id = next_id();
        out.push_back(ReadRequest{id, block, std::move(calls)});
        requests_.emplace(id, std::move(request));
    }
}

Call PoolReader::call_of(const Task& task, const PoolTable& pools) const {
    const Address& pool = pools.address(task.pool);
    switch (task.ask) {
        case Ask::slot0:
            return uniswap_v3::slot0(pool);
        case Ask::liquidity:
            return uniswap_v3::liquidity(pool);
        case Ask::spacing:
            return uniswap_v3::tick_spacing(pool);
        case Ask::word:
            return uniswap_v3::tick_bitmap(pool, task.at);
        case Ask::tick:
            return uniswap_v3::ticks(pool, task.at);
        case Ask::quote:
            break;
    }
    const Hop hop = pools.hop(task.direction);
    return uniswap_v3::quote_exact_input(quoter_, hop.token_in, hop.token_out, hop.fee, task.amount);
}

void PoolReader::ask(Job& job, const Task& task) {
    queue_.push_back(task);
    ++job.left;
}

void PoolReader::ask_words(PoolId pool, Job& job) {
    for (uniswap_v3::Tick word = job.first_word; word <= job.last_word; ++word)
        ask(job, Task{pool, Ask::word, word, 0, {}, {}, {}});
}

void PoolReader::drop_failed(const Request& request) {
    for (const Task& task : request.tasks) {
        const auto job = jobs_.find(task.pool);
        if (job == jobs_.end()) continue;
        failed_[task.pool] = job->second.at.number;
        std::erase_if(queue_, [&](const Task& other) { return other.pool == task.pool; });
        jobs_.erase(job);
    }
}

Result<bool> PoolReader::accept(const ReadResult& result, PoolTable& pools) {
    const auto found = requests_.find(result.id);
    if (found == requests_.end()) return false;
    const Request request = std::move(found->second);
    requests_.erase(found);
    Result<std::vector<codec::CallResult>> answers =
        fail(Errc::malformed_reply, "answers of Uniswap V3 pools");
    if (!result.bytes) {
        answers = tl::make_unexpected(result.bytes.error());
    } else if (auto decoded = codec::decode_aggregate3(*result.bytes);
               decoded && decoded->size() == request.tasks.size()) {
        answers = std::move(decoded);
    }
    if (!answers) {
        if (!request.following) return tl::make_unexpected(answers.error());
        drop_failed(request);
        return true;
    }
    for (std::size_t i = 0; i < request.tasks.size(); ++i) {
        const PoolId pool = request.tasks[i].pool;
        const auto job = jobs_.find(pool);
        if (job == jobs_.end() || job->second.at.hash != result.block_hash) continue;
        take(job->second, request.tasks[i], (*answers)[i].success, (*answers)[i].data);
        if (--job->second.left == 0) advance(pool, pools);
    }
    if (quoter_missing_) return fail(Errc::no_code, "no Uniswap V3 QuoterV2 at " + to_string(quoter_));
    return true;
}

}  // namespace plimsoll::strategy
