// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/campaign.hpp"

#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/deeds.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/keeper.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/oracle.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace plimsoll::strategy::aave_v3::campaign {

namespace {

constexpr std::uint64_t kBlockSeconds = 12;
constexpr std::size_t kRemembered = 12;  // deeds told with what went wrong

AaveV3Params venue_params() {
    AaveV3Params out = ScriptedMarket::params();
    out.batch = 400;
    out.undo_blocks = 16;
    out.sweep_seconds = 100'000'000;  // not for the time alone: looks at changes are what is tested
    return out;
}

class Campaign {
  public:
    explicit Campaign(const Plan& plan)
        : plan_{plan}, chance_{plan.seed}, rules_{**rules_for(U256{plan.revision})} {}

    Outcome run();

  private:
    bool open();
    void one_event();
    void block();
    void do_deeds(Pool& pool);
    bool apply(const Head& next, std::vector<Log> logs);
    void reorganise();
    void read_prices();
    void suppose();
    void suppose_mined();
    void restart();
    void sweep();
    void look_at_changes();
    void checkpoint();
    void expect(const std::string& wrong) {
        if (broken_.empty()) broken_ = wrong;
    }
    void did(std::string_view what);
    [[nodiscard]] Head next_head(std::uint64_t seconds);
    [[nodiscard]] const Head& newest() const { return heads_.back(); }
    [[nodiscard]] Timestamp inclusion() const { return newest().timestamp.next(kBlockSeconds); }
    [[nodiscard]] std::string told_broken() const;

    Plan plan_;
    Chance chance_;
    const Rules& rules_;
    Record record_;
    std::unique_ptr<AaveV3Venue> venue_ = std::make_unique<AaveV3Venue>(venue_params());
    std::unique_ptr<Keeper> keeper_;
    std::deque<Head> heads_;
    std::uint64_t hashes_ = 0;
    ReadId last_read_ = 0;
    Changes changes_;        // as the engine keeps them between looks
    bool unread_ = false;    // the newest block's prices
    bool unlooked_ = false;  // blocks were undone, and nobody looked
    bool open_ = false;      // all accounts are there
    std::deque<std::string> deeds_;
    std::string broken_;
    Outcome outcome_;
};

void Campaign::did(std::string_view what) {
    deeds_.push_back(std::to_string(outcome_.events) + " " + std::string{what});
    if (deeds_.size() > kRemembered) deeds_.pop_front();
}

Head Campaign::next_head(std::uint64_t seconds) {
    Head out = head(kBootBlock + ++hashes_);
    out.parent_hash = newest().hash;
    out.number = newest().number.next();
    out.timestamp = newest().timestamp.next(seconds);
    return out;
}

/// A market with all its accounts, told in blocks of a hundred newcomers each.
bool Campaign::open() {
    ScriptedMarket script;
    open_market(script, record_.market, plan_.revision, chance_);
    const auto booted = script.bootstrap(*venue_);
    if (!booted) {
        broken_ = "the reading fails: " + booted.error().context;
        return false;
    }
    keeper_ = std::make_unique<Keeper>(*venue_, record_, rules_);
    heads_.assign(1, head(kBootBlock));
    while (record_.size() < plan_.accounts && broken_.empty()) {
        const Head next = next_head(kBlockSeconds);
        record_.begin();
        Pool pool{record_, rules_, next.timestamp};
        for (int left = 100; left != 0; --left)
            open_account(pool, chance_);
        apply(next, std::move(pool.logs));
    }
    read_prices();
    checkpoint();
    sweep();
    open_ = true;
    keeper_->err_by(plan_.mistake);
    return broken_.empty();
}

bool Campaign::apply(const Head& next, std::vector<Log> logs) {
    if (open_ && plan_.mistake == Mistake::loses_log && !logs.empty() && chance_.one_in(50))
        logs.erase(logs.begin() + static_cast<std::ptrdiff_t>(chance_.below(logs.size())));
    auto changes = venue_->apply(next, logs);
    if (!changes) {
        expect("a block cannot be applied: " + changes.error().context);
        return false;
    }
    heads_.push_back(next);
    changes_ = std::move(*changes);
    // What a look has not seen yet, the engine keeps in mind.
    changes_.everything = changes_.everything || std::exchange(unlooked_, false);
    unread_ = true;
    expect(compare_accounts(*venue_, record_, record_.changed()));
    return broken_.empty();
}

void Campaign::do_deeds(Pool& pool) {
    const std::vector<AccountId> below = keeper_->known();
    for (std::uint64_t left = chance_.one_in(4) ? chance_.between(std::uint64_t{2}, 5) : 1; left != 0;
         --left) {
        const std::uint64_t kind = chance_.below(100);
        if (kind < 45)
            did(price_deed(pool, chance_));
        else if (kind < 88)
            did(user_deed(pool, chance_, below));
        else if (kind < 96)
            did(market_deed(pool, chance_));
        else
            did("time alone");
    }
}

void Campaign::block() {
    std::uint64_t seconds = kBlockSeconds;
    if (chance_.one_in(20)) seconds = chance_.one_in(20) ? chance_.below(86'400) : chance_.below(3'600);
    const Head next = next_head(seconds + 1);
    record_.begin();
    Pool pool{record_, rules_, next.timestamp};
    do_deeds(pool);
    if (apply(next, std::move(pool.logs))) look_at_changes();
}

void Campaign::look_at_changes() {
    ++outcome_.looks;
    expect(keeper_->look(changes_, venue_->prices(), inclusion(), false, outcome_));
}

/// Takes back up to five blocks; what the engine knows of changes is void with them.
void Campaign::reorganise() {
    std::size_t deep = std::min<std::size_t>(chance_.between(std::uint64_t{1}, 5), record_.depth() - 1);
    deep = std::min(deep, heads_.size() - 1);
    if (deep == 0) return;
    did("reorganisation of " + std::to_string(deep));
    for (; deep != 0; --deep) {
        venue_->undo(newest().hash);
        heads_.pop_back();
        if (plan_.mistake != Mistake::keeps_undone) record_.undo();
        ++outcome_.undone;
    }
    changes_ = Changes{};
    changes_.everything = true;
    unlooked_ = true;
    unread_ = venue_->prices_pending();
    if (!venue_->in_step()) return expect("the venue lost its step by undoing");
    if (chance_.one_in(3)) sweep();
}

void Campaign::read_prices() {
    if (!std::exchange(unread_, false)) return;
    did("prices read");
    auto requests = venue_->price_reads(newest(), [this] { return ++last_read_; });
    if (requests.size() != 1) return expect("not one question about prices");
    const auto moved = venue_->accept_prices(answer_prices(record_.market, requests.front()));
    if (!moved) return expect("prices are not taken: " + moved.error().context);
    changes_.prices.insert(changes_.prices.end(), moved->begin(), moved->end());
    record_.market.sentinel_told = record_.market.liquidations_allowed;
    for (std::size_t i = 0; i < kReserves; ++i) {
        if (venue_->prices()[i] != oracle_price(record_.market, static_cast<ReserveId>(i)))
            return expect("the price of reserve " + std::to_string(i) + " is not the oracle's");
    }
    if (venue_->prices_pending()) return expect("prices are pending, and all were read");
    look_at_changes();
}

/// The logs of a block that is not sealed yet, one after the other.
void Campaign::suppose() {
    did("what-if");
    const Head next = next_head(kBlockSeconds);
    std::vector<Log> logs;
    for (std::uint64_t left = chance_.between(std::uint64_t{1}, 2); left != 0 && broken_.empty(); --left) {
        const auto own = aggregator_of(static_cast<ReserveId>(chance_.below(kReserves)));
        const double factor = chance_.one_in(3) ? chance_.between(0.8, 1.0) : chance_.between(0.99, 1.01);
        const U256 parts{static_cast<std::uint64_t>(factor * 1e6)};
        logs.push_back(answer_log(own, record_.market.answers.at(own) * parts / U256{1'000'000}));
        PriceVector prices = venue_->prices();
        Changes changes;
        changes.prices = venue_->what_if(logs, prices);
        ++outcome_.what_ifs;
        expect(keeper_->look(changes, prices, next.timestamp.next(kBlockSeconds), true, outcome_));
    }
}

void Campaign::suppose_mined() {
    did("answer not mined yet");
    const auto own = aggregator_of(static_cast<ReserveId>(chance_.below(kReserves)));
    const U256 parts{chance_.between(std::uint64_t{850}, 1'100)};
    PriceVector prices = venue_->prices();
    Changes changes;
    changes.prices = venue_->what_if_mined(
        {aggregator(own), Answer{record_.market.answers.at(own) * parts / U256{1'000}}}, prices);
    ++outcome_.what_ifs;
    expect(keeper_->look(changes, prices, inclusion(), true, outcome_));
}

/// The process ends, and another goes on from its snapshot.
void Campaign::restart() {
    did("restart");
    SnapshotWriter out;
    venue_->save(out);
    const Bytes saved = out.take();
    const Head at = newest();
    venue_ = std::make_unique<AaveV3Venue>(venue_params());
    SnapshotReader in{saved};
    if (const auto loaded = venue_->load(in, at); !loaded)
        return expect("the snapshot is not taken: " + loaded.error().context);
    keeper_ = std::make_unique<Keeper>(*venue_, record_, rules_);
    keeper_->err_by(plan_.mistake);
    heads_.assign(1, at);
    unread_ = venue_->prices_pending();
    sweep();
}

void Campaign::sweep() {
    did("sweep");
    ++outcome_.sweeps;
    unlooked_ = false;
    Changes all;
    all.everything = true;
    expect(keeper_->look(all, venue_->prices(), inclusion(), false, outcome_));
}

void Campaign::checkpoint() {
    ++outcome_.checkpoints;
    expect(compare_books(*venue_, record_, rules_, inclusion()));
}

void Campaign::one_event() {
    if (unread_ && chance_.one_in(2)) return read_prices();
    const std::uint64_t kind = chance_.below(1'000);
    if (kind < 860) return block();
    if (kind < 890) return suppose();
    if (kind < 905) return suppose_mined();
    if (kind < 940) return reorganise();
    if (kind < 942) return restart();
    sweep();
}

std::string Campaign::told_broken() const {
    std::string out = broken_ + "\n  revision " + std::to_string(plan_.revision) + ", seed " +
                      std::to_string(plan_.seed) + ", " + std::to_string(plan_.accounts) +
                      " accounts, event " + std::to_string(outcome_.events) + "; before it:";
    for (const std::string& deed : deeds_)
        out += "\n    " + deed;
    return out;
}

Outcome Campaign::run() {
    if (open()) {
        while (outcome_.events < plan_.events && broken_.empty()) {
            ++outcome_.events;
            one_event();
            if (chance_.one_in(200)) checkpoint();
        }
        if (broken_.empty()) sweep();
        if (broken_.empty()) checkpoint();
    }
    if (!broken_.empty()) outcome_.broken = told_broken();
    return outcome_;
}

}  // namespace

Outcome run(const Plan& plan) {
    return Campaign{plan}.run();
}

}  // namespace plimsoll::strategy::aave_v3::campaign
