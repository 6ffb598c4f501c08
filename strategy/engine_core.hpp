// SPDX-License-Identifier: Apache-2.0
// The engine's inside; only the engine's own files include it.
#pragma once

#include "strategy/armed_plan.hpp"
#include "strategy/audit.hpp"
#include "strategy/block_queue.hpp"
#include "strategy/engine.hpp"
#include "strategy/holds.hpp"
#include "strategy/intent_ledger.hpp"
#include "strategy/plan.hpp"
#include "strategy/prices/sequencer_watch.hpp"
#include "strategy/rank/data_fees.hpp"
#include "strategy/rank/gas_table.hpp"
#include "strategy/rank/selection.hpp"
#include "strategy/routes/flash_sources.hpp"
#include "strategy/routes/routes.hpp"
#include "strategy/told_memory.hpp"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

class Engine::Core {
  public:
    Core(EngineParams params, std::vector<std::unique_ptr<Venue>> venues);

    void on(const Event& event, Output& out);
    [[nodiscard]] bool unfinished() const noexcept { return rest_.has_value(); }
    void proceed(Output& out);
    void adopt(const IntentKey& key);
    void hold(Reason reason, bool on);
    void limit(const Room& room) { room_ = room; }
    void follow(const fees::Elasticity& elasticity) { params_.elasticity = elasticity; }
    void learn_gas(const Opportunity& opportunity, Gas estimated);
    [[nodiscard]] bool may_send() const;
    [[nodiscard]] bool may_send(const IntentKey& key) const;
    [[nodiscard]] std::optional<Decision> rehearse();
    [[nodiscard]] std::optional<Decision> sent_ahead(const IntentKey& key, const Hash32& block_hash,
                                                     BlockNumber block_number, ReceiveTime received);

    [[nodiscard]] Result<Bytes> save() const;
    [[nodiscard]] Result<Head> load(BytesView snapshot);
    [[nodiscard]] Bytes search() const;
    [[nodiscard]] Result<void> resume_search(BytesView search);

    [[nodiscard]] Readiness readiness() const;
    [[nodiscard]] EngineState state() const noexcept { return state_; }
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }
    [[nodiscard]] std::optional<Head> applied() const;
    [[nodiscard]] EngineCounts counts() const;
    [[nodiscard]] const Watch& watch() const noexcept { return watch_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Venue>>& venues() const noexcept { return venues_; }

  private:
    /// Steps of a bootstrap; `following` is the last, and also where a ready engine is.
    enum class Phase : std::uint8_t { markets, pools, following };
    enum class ReadKind : std::uint8_t { market, prices, gap, guard, sequencer, data_fees };
    struct Read {
        ReadKind kind{};
        VenueId venue{};
    };
    struct Account {
        VenueId venue{};
        AccountId id{};
        friend auto operator<=>(const Account&, const Account&) = default;
    };
    /// What a round of decisions is made on.
    struct Moment {
        Head head;  // the block that the including one follows
        bool speculative = false;
        const std::vector<PriceVector>* what_if = nullptr;  // by VenueId, instead of the venues' own prices
        Hash32 behind{};                                    // the pending transaction that tells them
        std::optional<Decision>* rehearsal = nullptr;       // takes what would be sent; nothing else changes
    };

    // engine_core.cpp
    void handle(const Readiness& readiness, Output& out);
    void handle(const OutcomeSeen& seen);
    void stop(VenueId venue, Error error, Output& out);
    void resync(const std::string& why, Output& out);
    void forget();

    // engine_blocks.cpp
    void started(const Head& head, Output& out);
    void seen(const Log& log, Output& out);
    void sealed(const BlockSealed& seal, Output& out);
    void undone(const Hash32& hash, Output& out);
    void drain(Output& out);
    void finish_block(Output& out);
    bool apply(const BlockQueue::Block& block, Output& out);
    void undo_newest();
    void bound_undo();
    [[nodiscard]] std::size_t undo_bytes() const;
    void ask_gap(Output& out);

    // engine_bootstrap.cpp
    void begin(Output& out);
    void ask_markets(Output& out);
    void find_pools(Output& out);
    void follow(Output& out);
    void become_ready(Output& out);
    void refresh_watch(Output& out);
    [[nodiscard]] Watch complete_watch() const;
    [[nodiscard]] std::vector<RouteAsset> route_assets() const;
    [[nodiscard]] bool find_native_asset();

    // engine_snapshot.cpp
    void save_identity(SnapshotWriter& out) const;
    [[nodiscard]] Result<void> check_identity(SnapshotReader& in) const;
    [[nodiscard]] Result<void> load_parts(SnapshotReader& in, const Head& head);

    // engine_reads.cpp
    void answered(const ReadResult& result, Output& out);
    void market_answered(VenueId venue, const ReadResult& result, Output& out);
    void route_answered(const ReadResult& result, Output& out);
    void gap_answered(const ReadResult& result, Output& out);
    void prices_answered(VenueId venue, const ReadResult& result, Output& out);
    /// True if accounts must be looked at again for it.
    bool take_prices(VenueId venue, const ReadResult& result, Output& out);
    void ask_prices(const Head& head, Output& out);
    void refresh_pools(Output& out);

    // engine_guard.cpp
    void ask_second_sources(const Head& head, Output& out);
    void second_sources_answered(const ReadResult& result);
    [[nodiscard]] bool prices_agree(const Account& account, const Moment& moment) const;
    void withdraw_orphans(Output& out);

    // engine_rollup.cpp
    void ask_rollup(const Head& head, Output& out);
    void sequencer_answered(const ReadResult& result);
    void data_fees_answered(const ReadResult& result);
    [[nodiscard]] Gas execution_alone(const GasShape& shape, Gas gas) const;

    // engine_audit.cpp
    [[nodiscard]] bool proven(const Account& account) const;
    void take_proofs_of_reading();
    void note_changed(VenueId venue, std::span<const AccountId> accounts);
    void queue_audits();
    void pick_sample(VenueId id, std::vector<AccountId>& out) const;
    void want_audits(VenueId id, std::span<const AccountId> accounts, std::span<const Wad> health,
                     bool again);
    void want_debtors(VenueId id);
    [[nodiscard]] std::vector<Wad> health_of(VenueId id, std::span<const AccountId> accounts) const;
    void ask_audits(Output& out);
    void audit_answered(const ReadResult& result, Output& out);
    void look_at_proven(Output& out);
    void parity_lost(const Audit::Finding& found, Output& out);
    [[nodiscard]] bool loaded_is_proven(Output& out);
    void proof_answered(const Audit::Finding& found, Output& out);

    // engine_arm.cpp
    struct Near {
        Account account;
        Crossing crossing;
    };
    void arm(Output& out);
    [[nodiscard]] bool fire(const Moment& moment, Output& out);
    void disarm_all(Output& out);
    [[nodiscard]] std::vector<Near> nearest_accounts() const;
    [[nodiscard]] std::uint64_t armed_blocks() const;
    [[nodiscard]] std::optional<ArmedPlan> plan_ahead(const Near& near);
    [[nodiscard]] bool unchanged(const ArmedPlan& plan) const;
    [[nodiscard]] bool holds_true(const ArmedPlan& plan, const PriceVector& prices, Timestamp t) const;
    [[nodiscard]] bool may_have_crossed(const ArmedPlan& plan, const PriceVector& now) const;
    [[nodiscard]] bool may_leave(const ArmedPlan& plan, const Moment& moment, const GasPrice& price,
                                 const MovedPools& moved) const;
    [[nodiscard]] bool may_fire(const ArmedPlan& plan, const Moment& moment, const GasPrice& price,
                                const MovedPools& moved) const;
    void take_off(std::vector<ArmedPlan>::iterator plan, const Moment& moment, Output& out);

    // engine_rehearse.cpp
    void choose_understudies(VenueId id, std::span<const AccountId> accounts, std::span<const Wad> health);
    void act_out(const Selected& selected, const Moment& moment) const;

    // engine_trigger.cpp
    void tell_triggers(Output& out) const;
    [[nodiscard]] bool aggregators_of(const ArmedPlan& plan, std::vector<Address>& out) const;
    [[nodiscard]] std::optional<Trigger> trigger_of(const ArmedPlan& plan, const AggregatorAnswer& source,
                                                    Timestamp t) const;
    [[nodiscard]] Moment open_moment() const;

    // engine_survey.cpp
    /// How far it has come.
    struct Survey {
        VenueId venue{};
        AccountId next{};
        std::vector<std::vector<Exposure>> widest;  // by VenueId
    };
    void survey();
    void count_watched();
    void survey_part(AccountRange part);
    void prepare_routes();

    // engine_evaluate.cpp
    void decide(const Moment& moment, Output& out);
    void look(const Moment& moment, Output& out);
    [[nodiscard]] const Changes& changes_at(VenueId id, const Moment& moment);
    void evaluate_pending(const PendingTransaction& transaction, Output& out);
    void evaluate_what_if(const BlockQueue::Block& block, Output& out);
    void sweep(Output& out);
    void evaluate(std::span<const Account> accounts, const Moment& moment, Output& out);
    [[nodiscard]] bool may_be_chosen(const Account& account, const Moment& moment, Output& out);
    void conclude(const Selected& selected, const Moment& moment, std::optional<Reason> gate, Output& out);
    [[nodiscard]] Decision decision(const Account& account, Appraisal appraisal, const Moment& moment) const;
    [[nodiscard]] Decision prepared(const Account& account, Appraisal appraisal, const Moment& moment,
                                    BlockNumber last_block) const;
    void commit(Decision made, const ExitPath& path, const Moment& moment, Output& out);
    [[nodiscard]] Guard guard_of(VenueId venue, ReserveId debt, const Moment& moment) const;
    [[nodiscard]] Terms terms_at(const Moment& moment) const;
    [[nodiscard]] bool has_gas_for(Gas wanted, const Head& head) const;
    void send(const Account& account, Appraisal appraisal, const Moment& moment, Output& out);
    void skip(const Account& account, Appraisal appraisal, const Moment& moment, Output& out);
    [[nodiscard]] std::optional<Reason> gate(const Moment& moment, const GasPrice& gas_price) const;
    [[nodiscard]] SelectionLimits selection_limits(const Moment& moment) const;
    [[nodiscard]] GasPrice gas_price(const Moment& moment) const;
    [[nodiscard]] const PriceVector& prices(VenueId venue, const Moment& moment) const;
    [[nodiscard]] Timestamp inclusion(const Head& head) const;
    [[nodiscard]] IntentKey key_of(const Account& account) const;
    [[nodiscard]] const Head& newest() const { return applied_.back(); }

    EngineParams params_;
    std::vector<std::unique_ptr<Venue>> venues_;
    NextReadId next_id_;
    ReadId last_id_ = 0;

    EngineState state_ = EngineState::waiting;
    Phase phase_ = Phase::markets;
    std::optional<Error> error_;
    Readiness readiness_;
    ReceiveTime received_;  // of the event in hand

    BlockQueue queue_;
    Head pin_;                  // the block a bootstrap reads at
    std::deque<Head> applied_;  // newest last; the first cannot be undone
    Watch watch_;
    bool watch_due_ = false;  // it may have changed
    std::unordered_map<ReadId, Read> reads_;
    std::optional<std::pair<ReadId, BlockQueue::Gap>> gap_;
    std::vector<std::pair<VenueId, ReadResult>> held_prices_;  // of blocks not applied yet
    Hash32 prices_asked_;                                      // block of the newest price reads

    PriceGuard guard_;
    Head guard_asked_;            // block of the newest question to the second sources
    bool guard_stopped_ = false;  // something was skipped for them since they were last read

    /// Whether what was loaded has proven to be the chain's.
    enum class Proof : std::uint8_t { none, due, asked };
    Audit audit_;
    std::vector<Account> changed_;  // since the last audits were queued
    std::vector<Account> held_;     // worth it, but not proven
    Proof proof_ = Proof::none;
    unsigned failed_proofs_ = 0;
    bool parity_broken_ = false;  // until everything was read again
    bool once_ready_ = false;

    SequencerWatch sequencer_;
    Timestamp sequencer_asked_;  // time of the block of the newest question
    DataFees data_fees_;
    Holds holds_;
    Room room_;

    Routes routes_;
    FlashSources flash_;
    GasTable gas_table_;
    IntentLedger ledger_;
    ToldMemory told_;
    VenueId native_venue_ = 0;
    ReserveId native_reserve_ = 0;

    std::vector<Changes> changes_;       // of the newest block, by VenueId
    std::vector<PriceVector> what_if_;   // by VenueId, of the newest unsealed block
    PriceVector supposed_prices_;        // of the what-if in hand
    Changes supposed_changes_;           // likewise
    bool pools_short_ = false;           // something could not be sold in what is known of them
    std::vector<PriceVector> pending_;   // by VenueId, with the answers that are not mined yet; empty: none
    std::vector<Account> standing_;      // liquidatable at the last sweep
    std::vector<ArmedPlan> armed_;       // what was told by Arm and may be sent
    std::vector<PriceVector> armed_at_;  // by VenueId, when that was looked at last
    std::optional<Moment> rest_;         // of an event, to be looked at after what went out
    bool block_unfinished_ = false;      // and of the block
    bool armed_void_ = false;            // all of it is to be taken back
    std::vector<Near> understudies_;     // the accounts nearest their line, for rehearsals
    std::vector<PriceVector> rehearsed_prices_;
    bool sweep_due_ = false;
    std::uint32_t sweeps_ = 0;
    std::optional<Survey> survey_;  // under way
    EngineCounts counts_;
};

}  // namespace plimsoll::strategy
