// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/decision.hpp"
#include "strategy/engine_params.hpp"
#include "strategy/reason.hpp"
#include "strategy/room.hpp"
#include "strategy/venue.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::strategy {

enum class EngineState : std::uint8_t {
    waiting,        // for a sealed block to begin from
    bootstrapping,  // reading the markets at one block hash; later blocks wait
    ready,
    stopped,  // for good, see Engine::error()
};

/// What the engine holds now, for the shell's lines and numbers.
struct EngineCounts {
    std::uint64_t accounts{};
    std::uint64_t below_watch{};   // health factor below EngineParams::health_watch, at the last sweep
    std::uint64_t liquidatable{};  // at the last sweep
    std::uint64_t pending{};       // intents that are not final
    std::uint64_t pools{};
    std::uint64_t refused_pools{};  // of those, not used: they do not compute as Uniswap V3 does
    std::uint64_t resyncs{};        // bootstraps that had to begin again
    std::uint64_t undo_bytes{};     // memory that undoing takes, about
    std::uint64_t
        undo_dropped{};  // blocks that cannot be undone any more because of EngineParams::undo_bytes
    std::uint64_t sends{};
    std::uint64_t reads_outstanding{};
    std::uint64_t price_read_failures{};
    std::uint64_t audited{};     // comparisons of an account with the chain
    std::uint64_t mismatches{};  // of those, found to differ
    std::uint64_t unproven{};    // decisions held back because the account was not compared yet
    std::uint64_t speculative_sends{};
    std::uint64_t armed{};           // accounts held ready to be sent
    std::uint64_t armed_sends{};     // sends that were held ready
    std::uint64_t pending_prices{};  // answers of known aggregators seen before they were mined
    std::array<std::uint64_t, kReasonCount> skips{};  // decisions told, by reason
};

/// Event in, decisions out. Pure: no socket, clock, thread, random number or log inside; whoever feeds the
/// same events gets the same output. Blocks' logs become facts when sealed; markets and pools are read once
/// and then kept from them, so that no answer is awaited between a price and a send.
class Engine {
  public:
    /// `venues` in the order of their VenueId.
    Engine(EngineParams params, std::vector<std::unique_ptr<Venue>> venues);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    /// Appends to `out` what the event leads to; the caller clears it. Never throws for what the world did.
    void on(const Event& event, Output& out);
    /// Whether the newest event told something that must not wait for the rest of what it leads to: carry
    /// that out, then `proceed`, until nothing is left. The next event would do it otherwise.
    [[nodiscard]] bool unfinished() const noexcept;
    void proceed(Output& out);

    /// An intent of an earlier run that is not final yet: nothing else is decided for its account until its
    /// outcome.
    void adopt(const IntentKey& key);
    /// The shell's own reason against sending anything, until it is taken back. What it held back is looked
    /// at again at the next quiet event.
    void hold(Reason reason, bool on);
    /// What the signing side can take on from now on.
    void limit(const Room& room);
    /// How the base fee follows the load from now on.
    void follow(const fees::Elasticity& elasticity);
    /// What `eth_estimateGas` answered for a decision of this engine, to learn from before the first receipt.
    void learn_gas(const Opportunity& opportunity, Gas estimated);

    /// Whether anything may be sent now, and what is held ready for the key as far as all but prices tells:
    /// what Output::triggers told last may be left to answers alone while both are true.
    [[nodiscard]] bool may_send() const;
    [[nodiscard]] bool may_send(const IntentKey& key) const;
    /// What a price that brings an account near its line below it would lead to; nothing comes of it.
    /// Done now and then, it keeps the way from a price to a decision in the processor's caches. Nothing
    /// unless the engine may send and somebody is near.
    [[nodiscard]] std::optional<Decision> rehearse();
    /// What was held ready for the key has left, on an answer told in this block. Returns the decision that
    /// it stands for from now on; nothing if the key is under way already, or nothing is held for it.
    [[nodiscard]] std::optional<Decision> sent_ahead(const IntentKey& key, const Hash32& block_hash,
                                                     BlockNumber block_number, ReceiveTime received);

    /// Everything a start needs, as of `applied()`: books, prices, market parameters, cash, pools and what
    /// was learned of gas. Errc::refused unless ready.
    [[nodiscard]] Result<Bytes> save() const;
    /// Takes up what was saved, instead of reading the markets; returns the block it stands at, which cannot
    /// be undone. From the next BlockStarted on, which must follow that block, blocks hold the logs of
    /// `watch()`. Before it is ready, a sample of accounts must prove to be the chain's; what does not leads
    /// to a reading (EngineCounts::resyncs, Notice::Kind::resync). Errc::refused: it is ready or stopped;
    /// Errc::malformed_input: no snapshot, of another version or damaged; Errc::wrong_chain;
    /// Errc::config_invalid: of another configuration. After the last three nothing was touched, or the
    /// engine waits for a block to begin from.
    [[nodiscard]] Result<Head> load(BytesView snapshot);

    /// Why nothing is sent now: what the shell told, and what the engine knows itself (starting,
    /// catching_up, parity_broken). Empty means ready.
    [[nodiscard]] Readiness readiness() const;
    /// What a reading under way has found so far; empty if nothing is to be kept.
    [[nodiscard]] Bytes search() const;
    /// Before the first block: the reading goes on from what an earlier process had found, as far as it fits.
    /// Errors as those of `load`.
    [[nodiscard]] Result<void> resume_search(BytesView search);

    [[nodiscard]] EngineState state() const noexcept;
    /// Why it stopped: the code says what the operator must do (unproven, no_code, wrong_chain,
    /// malformed_reply…).
    [[nodiscard]] const std::optional<Error>& error() const noexcept;
    /// The newest block that is in the book.
    [[nodiscard]] std::optional<Head> applied() const;
    [[nodiscard]] EngineCounts counts() const;
    /// Whose logs are needed; also told through Output::watches whenever it changes.
    [[nodiscard]] const Watch& watch() const noexcept;

    [[nodiscard]] std::size_t venue_count() const noexcept;
    [[nodiscard]] const Venue& venue(VenueId id) const;
    /// Health factors of all accounts of the venue, by AccountId, at its newest prices and time `t`.
    [[nodiscard]] std::vector<Wad> health(VenueId id, Timestamp t) const;

  private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace plimsoll::strategy
