// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/campaign.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <array>
#include <functional>
#include <random>
#include <utility>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;

// Sanitized code is a tenth as fast.
constexpr int kQuickWatchdog = PLIMSOLL_SANITIZED ? 600 : 60;  // milliseconds
constexpr int kWorkers = PLIMSOLL_SANITIZED ? 2 : 6;

/// One run: draws steps, heals, judges.
class Campaign {
  public:
    Campaign(async::asio::any_io_executor executor, std::uint64_t seed, const feed::FeedDefects& defects)
        : random_{seed},
          quick_watchdog_{seed % 8 == 0},
          world_{std::move(executor), setup(defects, quick_watchdog_)} {
        result_.seed = seed;
        world_.book.on_send = [this](const Hash32& hash) { judge_send(hash); };
    }

    Task<void> run() { co_await async::all_of(world_.run(), play()); }
    [[nodiscard]] const RunResult& result() const { return result_; }

  private:
    static FeedWorld::Setup setup(const feed::FeedDefects& defects, bool quick_watchdog) {
        FeedWorld::Setup out;
        out.feed.replace_after = milliseconds{quick_watchdog ? kQuickWatchdog : 1'500};
        out.feed.finality_every = 0;  // what is final is told by scenario 30
        out.defects = defects;
        return out;
    }

    std::uint64_t draw(std::uint64_t below) { return random_() % below; }
    FeedNode& any_node() { return world_.nodes[draw(2)]; }
    std::vector<Note> notes() {
        std::vector<Note> out(draw(4));
        for (Note& note : out)
            note = Note{draw(8), ++value_};
        return out;
    }

    void broke(const std::string& what);
    [[nodiscard]] std::string described() const;
    void judge_send(const Hash32& hash);
    void tell(FeedNode& node, const Hash32& newest, FeedNode::Telling telling);
    void tell_all(FeedNode::Telling telling);
    FeedNode::Telling some_telling();
    void mine();
    void reorg();
    void disconnect();
    void stall();
    void say_nonsense();
    void lie();
    void balance_load();
    void limit();
    void step();
    void heal();
    Task<void> play();
    Task<void> end();

    std::mt19937_64 random_;
    bool quick_watchdog_;
    FeedWorld world_;
    RunResult result_;
    std::uint64_t value_ = 0;
    int after_lie_ = 0;  // steps
};

void Campaign::broke(const std::string& what) {
    if (result_.broken.empty()) result_.broken = what;
}

/// A block that nobody has ever followed, or that no source stands on any more, as far as the feed has heard,
/// must not be sent on.
void Campaign::judge_send(const Hash32& hash) {
    if (!world_.chain.ever_canonical(hash)) return broke("sent on an invented block: " + described());
    for (const feed::SourceView& source : world_.feed->sources()) {
        if (!source.head) continue;
        const bool above = world_.chain.contains(source.head->hash, hash);
        const bool below = world_.chain.contains(hash, source.head->hash);  // it only lags
        if (above || below) return;
    }
    broke("sent on a block that all had left: " + described());
}

/// What the sources say, for whoever looks for the mistake.
std::string Campaign::described() const {
    std::string out{to_string(world_.feed->agreement().why)};
    for (const feed::SourceView& source : world_.feed->sources()) {
        out += " | " + std::string{rpc::to_string(source.state)} + " at ";
        out += source.head ? std::to_string(source.head->number.value) : "nothing";
        if (!source.head) continue;
        if (!world_.chain.ever_canonical(source.head->hash)) out += " (invented)";
        if (!world_.chain.contains(world_.chain.tip().head().hash, source.head->hash)) out += " (left)";
    }
    return out;
}

void Campaign::tell(FeedNode& node, const Hash32& newest, FeedNode::Telling telling) {
    if (node.newest() == newest) return;
    node.advance(newest, telling);
}

void Campaign::tell_all(FeedNode::Telling telling) {
    const std::size_t first = draw(2);
    const Hash32 newest = world_.chain.tip().head().hash;
    tell(world_.nodes[first], newest, telling);
    if (draw(6) != 0) tell(world_.nodes[1 - first], newest, some_telling());
}

FeedNode::Telling Campaign::some_telling() {
    FeedNode::Telling out;
    out.only_last = draw(5) == 0;
    out.logs = draw(5) != 0;
    out.removed = draw(3) != 0;
    out.twice = draw(6) == 0;
    out.logs_first = draw(2) == 0;
    out.backwards = draw(8) == 0;
    out.heads = draw(10) != 0;
    return out;
}

void Campaign::mine() {
    for (std::uint64_t i = 0; i <= (draw(4) == 0 ? draw(5) : 0); ++i)
        world_.chain.mine(notes());
    tell_all(some_telling());
}

void Campaign::reorg() {
    const std::uint64_t depth = 1 + draw(4);
    Hash32 parent = world_.chain.ancestor(depth).head().hash;
    for (std::uint64_t i = 0; i < depth + draw(3); ++i)
        parent = world_.chain.build(parent, notes()).head().hash;
    world_.chain.canonize(parent);
    tell_all(some_telling());
}

void Campaign::disconnect() {
    constexpr std::array<unsigned, 5> kCodes{1000, 1001, 1008, 1011, 1013};
    FeedNode& node = any_node();
    const bool drop = draw(2) == 0;
    if (drop) node.node().cut();
    if (!drop) node.node().hang_up(kCodes[draw(kCodes.size())], "Connection dropped by remote peer.");
    if (draw(3) == 0) node.node().refuse(true);
}

void Campaign::stall() {
    FeedNode& node = any_node();
    const std::uint64_t how = draw(3);
    if (how == 0) node.node().freeze();
    if (how == 1) node.delay = milliseconds{draw(40)};
    if (how == 2) node.node().freeze(false);
}

/// Foreign subscriptions, wrong ids, and what is no message at all.
void Campaign::say_nonsense() {
    FeedNode& node = any_node();
    const rpc::Header head = world_.chain.build(world_.chain.tip().head().hash, notes()).header;
    switch (draw(5)) {
        case 0:
            node.node().tell(
                R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xdead","result":)" +
                header_json(head) + "}}");
            break;
        case 1:
            node.node().tell(R"({"jsonrpc":"2.0","id":1,"result":)" + header_json(head) + "}");
            break;
        case 2:
            node.tell_heads_text(
                R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"%","result":{}}})");
            break;
        case 3:
            node.node().tell("<!DOCTYPE html><title>502 Bad Gateway</title>");
            break;
        default:
            node.node().tell(R"({"jsonrpc":"2.0","id":999999,"error":{"code":-32000,"message":"x"}})");
    }
}

/// One node tells what is not: invented blocks on top of the chain, of a height that the other has told
/// before; a head whose parent nobody has; a wrong number.
void Campaign::lie() {
    const std::size_t liar = draw(2);
    FeedNode& node = world_.nodes[liar];
    const Hash32 newest = world_.chain.tip().head().hash;
    const std::uint64_t how = draw(4);
    const ModelBlock& first = world_.chain.build(world_.chain.ancestor(1).head().hash, notes());
    rpc::Header head = first.header;
    if (how == 0) head.head.parent_hash = keccak256("nobody knows it");
    if (how == 1) head.head.number = head.head.number.next(2);
    if (how < 2) {
        head.head.hash = keccak256(to_string(head.head.hash));
        node.tell_head(head);
        return;
    }
    const FeedNode& honest = world_.nodes[1 - liar];
    const bool believed = world_.healths[1 - liar].state() == rpc::EndpointState::alive;
    const bool heard = believed && honest.listeners() > 0 && honest.newest() == newest && world_.at_tip() &&
                       world_.feed->sources()[1 - liar].head.has_value() &&
                       world_.feed->sources()[1 - liar].head->hash == newest;
    if (!heard || world_.chain.ancestor(1).head().hash == newest) return;
    heal();
    after_lie_ = 2;
    Hash32 top = first.head().hash;
    for (std::uint64_t i = 1; i < how; ++i)
        top = world_.chain.build(top, notes()).head().hash;
    tell(node, top, FeedNode::Telling{});
}

/// What a load balancer does: blocks that are not everywhere yet, and heads of older nodes.
void Campaign::balance_load() {
    FeedNode& node = any_node();
    if (draw(2) == 0) node.hide(world_.chain.ancestor(draw(3)).head().hash);
    if (draw(2) == 0) node.tell_head(world_.chain.ancestor(draw(5)).header);
}

void Campaign::limit() {
    FeedNode& node = any_node();
    auto left = std::make_shared<std::uint64_t>(1 + draw(4));
    node.instead = [left](const Asked& asked) -> std::optional<std::vector<Step>> {
        if (*left == 0 || asked.method == "eth_subscribe") return std::nullopt;
        --*left;
        return std::vector<Step>{error(asked, -32005, "rate limited, try again in 4ms")};
    };
}

void Campaign::step() {
    if (after_lie_ > 0) {
        // As long as the lie may be on its way, the honest one is heard: alone or behind, the other is
        // believed.
        --after_lie_;
        world_.chain.mine(notes());
        for (FeedNode& node : world_.nodes)
            tell(node, world_.chain.tip().head().hash, FeedNode::Telling{});
        return;
    }
    const std::uint64_t what = draw(24);
    if (what < 10) return mine();
    if (what < 14) return reorg();
    if (what < 16) return disconnect();
    if (what < 18) return stall();
    if (what < 19) return say_nonsense();
    if (what < 21) return lie();
    if (what < 23) return balance_load();
    limit();
}

void Campaign::heal() {
    for (FeedNode& node : world_.nodes) {
        node.node().freeze(false);
        node.node().refuse(false);
        node.delay = milliseconds{0};
        node.instead = nullptr;
        node.show_all();
    }
}

Task<void> Campaign::play() {
    const bool begun = co_await world_.settled();
    if (!begun) broke("it did not begin: " + world_.trouble());
    const std::uint64_t steps = 8 + draw(10);
    for (; result_.steps < steps && result_.broken.empty(); ++result_.steps) {
        // Some steps find the feed at the tip, some in the middle of something.
        if (draw(3) == 0) static_cast<void>(co_await world_.settled(milliseconds{60}));
        step();
        co_await async::sleep_for(milliseconds{1 + draw(14)});
        if (draw(3) == 0) heal();
        if (!world_.book.broken().empty()) broke(world_.book.broken());
    }
    co_await end();
    const feed::FeedCounters& counters = world_.feed->counters();
    result_.sealed = counters.sealed;
    result_.undone = counters.undone;
    result_.resyncs = counters.resyncs;
    result_.sends = world_.book.sends();
    for (const Readiness told : world_.book.told())
        result_.not_ready += told.ready() ? 0U : 1U;
    if (world_.book.new_starts() > counters.resyncs) broke("a block did not follow the one before");
}

/// All is well again; two blocks later everything must be as if nothing had been. Then one more reorg, of
/// which no head is told, only the logs that it took back.
Task<void> Campaign::end() {
    heal();
    for (int i = 0; i < 2 && result_.broken.empty(); ++i) {
        world_.chain.mine({Note{draw(8), ++value_}});
        for (FeedNode& node : world_.nodes)
            tell(node, world_.chain.tip().head().hash, FeedNode::Telling{});
        const bool settled = co_await world_.settled(milliseconds{10'000});
        if (!settled) broke("it did not settle: " + world_.trouble());
    }
    // With a quick watchdog, the silence would be noticed as well.
    if (!result_.broken.empty() || quick_watchdog_ || draw(2) == 0) co_return;
    const ModelBlock& last = world_.chain.build(world_.chain.ancestor(1).head().hash, {Note{1, ++value_}});
    world_.chain.canonize(last.head().hash);
    FeedNode::Telling silent;
    silent.heads = false;
    for (FeedNode& node : world_.nodes)
        tell(node, last.head().hash, silent);
    const bool settled = co_await world_.settled(milliseconds{1'000});
    if (!settled) broke("a reorg without a head was missed: " + world_.trouble() + "; " + described());
}

}  // namespace

RunResult run_campaign(std::uint64_t seed, const feed::FeedDefects& defects) {
    async::asio::io_context io{1};
    Campaign campaign{io.get_executor(), seed, defects};
    async::run_task(io, campaign.run());
    return campaign.result();
}

namespace {

/// What the workers share.
struct Batch {
    std::uint64_t next{};
    std::uint64_t end{};
    bool stop_at_first{};
    feed::FeedDefects defects;
    std::vector<RunResult> results;
    bool stopped = false;
};

Task<void> work(Batch& batch) {
    while (batch.next < batch.end && !batch.stopped) {
        async::asio::any_io_executor executor = co_await async::asio::this_coro::executor;
        auto campaign = std::make_unique<Campaign>(std::move(executor), batch.next++, batch.defects);
        co_await campaign->run();
        batch.results.push_back(campaign->result());
        batch.stopped = batch.stop_at_first && !batch.results.back().broken.empty();
    }
}

}  // namespace

std::vector<RunResult> run_campaigns(std::uint64_t first_seed, std::size_t runs, bool stop_at_first,
                                     const feed::FeedDefects& defects) {
    Batch batch;
    batch.next = first_seed;
    batch.end = first_seed + runs;
    batch.stop_at_first = stop_at_first;
    batch.defects = defects;
    async::asio::io_context io{1};
    for (int i = 0; i < kWorkers; ++i) {
        async::asio::co_spawn(io, work(batch), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
    io.run();
    return std::move(batch.results);
}

}  // namespace plimsoll::faults
