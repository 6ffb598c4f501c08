// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/selector.hpp"
#include "chain/primitives/log.hpp"
#include "strategy/book/undo_journal.hpp"
#include "strategy/prices/price_source.hpp"
#include "strategy/quote.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

namespace plimsoll::strategy {

/// `AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)` of a Chainlink
/// aggregator.
inline constexpr Hash32 kAnswerUpdated = codec::topic("AnswerUpdated(int256,uint256,uint256)");

/// An aggregator's newest answer; what is not positive is no price.
struct Answer {
    U256 value;  // zero if the aggregator told zero or less
};

/// An aggregator and its newest answer.
struct AggregatorAnswer {
    Address aggregator;
    Answer answer;
};

/// One price as a reading told it.
struct ReadPrice {
    ReserveId leaf{};
    Usd price;  // zero: the oracle reverts, there is none
};

/// The prices of a venue's assets, each by its source. Event-driven leaves follow their aggregators' logs;
/// the others are told by `read`. A leaf whose computed price differs from the oracle's becomes polled for
/// good. Every write is undone by its block.
class PriceLeaves {
  public:
    explicit PriceLeaves(std::size_t undo_blocks) : journal_{undo_blocks} {}

    /// As of `block`: leaf i has sources[i] and the oracle says prices[i]. `answers` are the aggregators'
    /// newest. A leaf whose computed price is not the oracle's starts as polled and is counted.
    void reset(const Hash32& block, std::vector<PriceSource> sources, PriceVector prices,
               const std::unordered_map<Address, Answer>& answers);

    /// The writes that follow belong to `block`, which becomes the newest.
    void begin(const Hash32& block);
    /// Takes an AnswerUpdated of a known aggregator; appends the leaves that moved. Other logs change
    /// nothing.
    void apply(const Log& log, std::vector<ReserveId>& moved);
    /// The oracle got another source for this leaf: from here on it is polled.
    void source_replaced(ReserveId leaf);
    /// What the oracle says at the newest block; appends the leaves that moved. An event-driven leaf that
    /// differs becomes polled.
    void read(std::span<const ReadPrice> answers, std::vector<ReserveId>& moved);
    Undo undo(const Hash32& block);
    [[nodiscard]] std::size_t undo_bytes() const noexcept { return journal_.bytes(); }
    void drop_oldest_undo() { journal_.drop_oldest(); }

    /// Sources, answers and prices, and what was found out about each leaf; not what undoing takes.
    void save(SnapshotWriter& out) const;
    /// As it was saved when `block` was the newest. Where the reader fails, everything must be reset.
    void load(SnapshotReader& in, const Hash32& block);

    /// Where `logs` would move `prices` (as of now); nothing is written. Returns the leaves that move.
    [[nodiscard]] std::vector<ReserveId> what_if(std::span<const Log> logs, PriceVector& prices) const;
    /// Likewise, where the aggregator's next answer would.
    [[nodiscard]] std::vector<ReserveId> what_if(const Address& aggregator, const Answer& answer,
                                                 PriceVector& prices) const;

    [[nodiscard]] const PriceVector& prices() const noexcept { return prices_; }
    [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }
    [[nodiscard]] bool polled(ReserveId leaf) const noexcept;
    /// Some polled leaf was not read at the newest block.
    [[nodiscard]] bool pending() const noexcept;
    /// Leaves that were event-driven, or looked so, and proved not to be.
    [[nodiscard]] std::size_t demoted_count() const noexcept { return demoted_; }
    /// Appends the aggregators that make this price, with their newest answers; nothing for a polled leaf.
    void answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const;
    /// Aggregators whose logs are needed.
    [[nodiscard]] std::vector<Address> aggregators() const;

  private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    struct Leaf {
        PriceSource source;
        std::uint32_t first = kNone;  // into answers_
        std::uint32_t second = kNone;
        bool distrusted = false;  // found out to be wrong; never undone
        bool silent = false;      // its source told no price or was replaced
        Hash32 read_at;           // where it was read last
    };
    struct OldAnswer {
        std::uint32_t index;
        Answer value;
    };
    struct OldPrice {
        ReserveId leaf;
        Usd value;
    };
    struct OldSilent {
        ReserveId leaf;
        bool value;
    };
    struct OldReading {
        ReserveId leaf;
        Hash32 value;
    };
    struct OldNewest {
        Hash32 block;
    };
    using Old = std::variant<OldAnswer, OldPrice, OldSilent, OldReading, OldNewest>;

    [[nodiscard]] static Usd computed(const Leaf& leaf, std::span<const AggregatorAnswer> answers);
    std::uint32_t answer_index(const Address& aggregator, const std::unordered_map<Address, Answer>& answers);
    void set_price(ReserveId leaf, const Usd& price, std::vector<ReserveId>& moved);
    void set_silent(ReserveId leaf);
    void recompute(ReserveId leaf, std::vector<ReserveId>& moved);
    void demote(ReserveId leaf);
    void link_leaves();
    [[nodiscard]] Leaf load_leaf(SnapshotReader& in, const Hash32& block) const;
    void restore(const Old& old);
    void suppose(std::uint32_t index, std::span<const AggregatorAnswer> answers, PriceVector& prices,
                 std::vector<ReserveId>& moved) const;

    std::vector<Leaf> leaves_;
    std::vector<AggregatorAnswer> answers_;
    std::vector<std::vector<ReserveId>> hanging_;     // by answer, the leaves that are computed from it
    mutable std::vector<AggregatorAnswer> supposed_;  // of the what-if in hand
    std::unordered_map<Address, std::uint32_t> answer_of_;
    PriceVector prices_;
    Hash32 newest_;
    std::size_t demoted_ = 0;
    UndoJournal<Old> journal_;
};

}  // namespace plimsoll::strategy
