// SPDX-License-Identifier: Apache-2.0
// An engine on a scripted market and chain: tells it blocks and answers its reads.
#pragma once

#include "strategy/engine.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace plimsoll::strategy::scripted {

inline constexpr ReserveId kEther = 0;   // 18 decimals, 2000 USD, the native asset
inline constexpr ReserveId kDollar = 1;  // 6 decimals, 1 USD
inline constexpr ReserveId kLink = 2;    // 18 decimals, 10 USD

[[nodiscard]] inline TokenAmount ether(std::uint64_t whole) {
    return TokenAmount{U256{whole} * pow10(18)};
}
[[nodiscard]] inline TokenAmount dollars(std::uint64_t whole) {
    return TokenAmount{U256{whole} * pow10(6)};
}
[[nodiscard]] inline Usd usd(std::uint64_t whole) {
    return Usd{U256{whole} * pow10(8)};
}

[[nodiscard]] Market three_assets();
/// One deep pool for each pair of `market`'s three assets.
void add_deep_pools(ScriptedChain& chain, const Market& market);
[[nodiscard]] EngineParams default_params(const Market& market);

class Stage {
  public:
    Stage(Market market, ScriptedChain scripted_chain, EngineParams params);
    explicit Stage(Market market);

    /// One event. Its reads are queued, and answered at once unless `hold`.
    void tell(decltype(Event::body) body);
    void answer_one();
    void answer_all();

    Head begin_block();
    void log(Log log);
    void seal();
    Head block(std::vector<Log> logs = {});
    void undo_block();
    /// Blocks until the engine is ready.
    void boot();
    void tick() { tell(Tick{Timestamp{time}}); }

    /// What was decided since the last call.
    [[nodiscard]] std::vector<Decision> sends();
    [[nodiscard]] std::vector<Decision> skips();
    /// Takes all decisions away.
    std::vector<Decision> take();
    [[nodiscard]] IntentKey key_of(AccountId account) const {
        return {ChainId{31337}, 0, venue_->account_address(account)};
    }
    void land(const Decision& decision, OutcomeKind kind, Gas used = Gas{600'000});

    ScriptedVenue& venue() { return *venue_; }
    Engine& engine() { return *engine_; }
    [[nodiscard]] const Engine& engine() const { return *engine_; }

    ScriptedChain chain;
    /// Called before the engine is told, and with what came of it; may be empty.
    std::function<void(const Event&)> before;
    std::function<void(Output)> after;
    bool hold = false;
    /// What the chain says of an account's balance (twice its reserve's number, and one more for the debt),
    /// where the market's own state has `value`; nothing: the call reverts.
    std::function<std::optional<U256>(AccountId account, std::size_t place, const U256& value)> account_says;
    std::function<U256(ReserveId reserve, const U256& value)> price_says;
    std::size_t audits = 0;  // accounts that were asked for
    std::deque<ReadRequest> reads;
    std::vector<Watch> watches;
    std::vector<Withdraw> withdrawals;
    std::map<IntentKey, Decision> armed;       // told by Arm and not taken back
    std::map<IntentKey, Decision> last_armed;  // the newest of each key
    TriggerSet triggers;                       // the newest
    std::vector<Notice> notices;
    std::vector<Head> heads;
    std::uint64_t time = 1'700'000'000;
    std::uint64_t number = 100;
    Wei base_fee{U256{10'000'000'000ULL}};

  private:
    void foresee(const ReadRequest& request);
    [[nodiscard]] std::optional<Bytes> state_answer(const Call& call);

    ScriptedVenue* venue_;
    std::map<ReadId, Bytes> foreseen_;  // answers about the market's state as it was when they were asked
    std::unique_ptr<Engine> engine_;
    std::vector<Decision> decisions_;
    Head open_;
    std::uint32_t logs_ = 0;
    std::uint64_t forks_ = 0;
    std::int64_t now_ = 0;
};

}  // namespace plimsoll::strategy::scripted
