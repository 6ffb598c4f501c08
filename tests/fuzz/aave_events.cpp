// SPDX-License-Identifier: Apache-2.0
// The events of an Aave V3 market, whatever they say, carried into a book and undone again. Input: the pool's
// revision, then steps: a log, or the end of a block.
#include "strategy/venues/aave_v3/log_applier.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/log_script.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <array>
#include <memory>
#include <vector>

namespace plimsoll::fuzz {
namespace {

using strategy::AaveV3Venue;
using strategy::AccountId;
using strategy::Book;
using strategy::BookWriter;
using strategy::PriceSource;
using strategy::ReserveId;
using strategy::SourceKind;
namespace aave = strategy::aave_v3;

constexpr std::array<std::uint64_t, 3> kRevisions{1, 9, 11};
constexpr std::size_t kBlocks = 3;

struct Holder {
    Address address;
    strategy::ReserveSet collateral;
    std::uint8_t category;
    bool quarantined;
    std::vector<strategy::Position> positions;
    friend bool operator==(const Holder&, const Holder&) = default;
};

/// All that a block may change.
struct Picture {
    std::vector<Holder> holders;
    std::vector<strategy::ReserveState> reserves;
    std::vector<strategy::CategoryState> categories;
    BasisPoints premium;
    strategy::PriceVector prices;
    std::vector<U256> cash;
    friend bool operator==(const Picture&, const Picture&) = default;
};

Picture picture_of(const Book& book, const strategy::PriceLeaves& leaves, const aave::Cash& cash) {
    Picture out;
    for (AccountId id = 0; id < book.size(); ++id) {
        Holder holder{book.address(id), book.collateral(id), book.category(id), book.quarantined(id), {}};
        for (ReserveId reserve = 0; reserve < book.reserve_count(); ++reserve)
            holder.positions.push_back(book.position(id, reserve));
        out.holders.push_back(std::move(holder));
    }
    for (ReserveId reserve = 0; reserve < book.reserve_count(); ++reserve) {
        out.reserves.push_back(book.reserve(reserve));
        out.cash.push_back(cash.of(reserve));
    }
    for (unsigned category = 0; category < 8; ++category)  // those that log_script.cpp knows, and some
        out.categories.push_back(book.category_state(static_cast<std::uint8_t>(category)));
    out.premium = book.flash_premium();
    out.prices = leaves.prices();
    return out;
}

/// A market as its bootstrap read it, in ledgers of its own that no refused block spoils.
class Ground {
  public:
    explicit Ground(std::uint64_t revision) : venue_{aave::ScriptedMarket::params()} {
        aave::ScriptedMarket market;
        if (revision > 4) market.become(revision);
        require(market.bootstrap(venue_).has_value(), "the scripted market can be read");
        const Picture read = picture_of(venue_.book(), venue_.leaves(), venue_.cash());
        copy_book(read);
        std::vector<PriceSource> sources(3);
        sources[aave::kEther] = {SourceKind::feed, aave::at(aave::kEtherAggregator), {}, 1, 1};
        sources[aave::kDollar] = {SourceKind::feed, aave::at(aave::kDollarAggregator), {}, 1, 1};
        leaves_.reset(aave::head(aave::kBootBlock).hash, sources, read.prices,
                      {{sources[aave::kEther].first, {read.prices[aave::kEther].raw()}},
                       {sources[aave::kDollar].first, {read.prices[aave::kDollar].raw()}}});
        cash_.reset(read.cash);
        require(picture() == read, "a copied market is the market");
    }

    [[nodiscard]] Picture picture() const { return picture_of(book_, leaves_, cash_); }

    /// False if a log was refused; the rest of the block is left out then.
    bool apply(const Head& head, const std::vector<Log>& logs) {
        strategy::PriceVector expected = leaves_.prices();
        static_cast<void>(leaves_.what_if(logs, expected));
        BookWriter writer{book_, head.hash};
        leaves_.begin(head.hash);
        cash_.begin(head.hash);
        bool liquidations_allowed = true;
        const aave::Ledgers into{writer, leaves_, cash_, liquidations_allowed};
        strategy::Changes changes;
        aave::LogApplier applier{venue_.market(), 0, head, into, changes};
        for (const Log& log : logs) {
            if (const auto done = applier.apply(log); !done) {
                const Errc code = done.error().code;
                require(code == Errc::malformed_input || code == Errc::not_found, "a refusal says why");
                return false;
            }
        }
        check_told_prices(expected);
        for (const AccountId account : changes.accounts)
            require(account < book_.size(), "a changed account exists");
        return true;
    }

    void undo(const Hash32& block) {
        const bool book = book_.undo(block) == strategy::Undo::done;
        const bool leaves = leaves_.undo(block) == strategy::Undo::done;
        const bool cash = cash_.undo(block) == strategy::Undo::done;
        require(book && leaves && cash, "a block that was begun can be undone");
    }

    /// Whom a receipt with these logs would name.
    void look_for_liquidations(const std::vector<Log>& logs) const {
        strategy::Quote quote;
        quote.account_address = aave::at(1);
        if (const auto seen = venue_.expect(quote, logs))
            require(seen->account == quote.account_address, "a receipt is read for the account asked for");
    }

  private:
    void copy_book(const Picture& read) {
        book_.reset(read.reserves.size());
        BookWriter writer = BookWriter::baseline(book_);
        for (const Holder& holder : read.holders) {
            const AccountId id = writer.account(holder.address);
            writer.set_category(id, holder.category);
            for (ReserveId reserve = 0; reserve < read.reserves.size(); ++reserve) {
                writer.set_collateral(id, reserve, strategy::contains(holder.collateral, reserve));
                writer.set_position(id, reserve, holder.positions[reserve]);
            }
        }
        for (ReserveId reserve = 0; reserve < read.reserves.size(); ++reserve)
            writer.set_reserve(reserve, read.reserves[reserve]);
        for (std::size_t category = 0; category < read.categories.size(); ++category)
            writer.set_category_state(static_cast<std::uint8_t>(category), read.categories[category]);
        writer.set_flash_premium(read.premium);
    }

    void check_told_prices(const strategy::PriceVector& expected) const {
        for (ReserveId leaf = 0; leaf < expected.size(); ++leaf) {
            // Of a leaf that fell silent only a reading tells the price.
            const bool told = !leaves_.polled(leaf);
            if (told) require(leaves_.prices()[leaf] == expected[leaf], "a block does what the what-if said");
        }
    }

    AaveV3Venue venue_;
    Book book_{kBlocks};
    strategy::PriceLeaves leaves_{kBlocks};
    aave::Cash cash_{kBlocks};
};

Ground& ground_of(std::size_t revision) {
    static std::array<std::unique_ptr<Ground>, kRevisions.size()> grounds;
    auto& ground = grounds.at(revision);
    if (!ground) ground = std::make_unique<Ground>(kRevisions.at(revision));
    return *ground;
}

std::vector<Log> block_of(Input& script) {
    std::vector<Log> out;
    while (!script.at_end() && script.byte() % 8U != 0)
        out.push_back(scripted_log(script));
    return out;
}

}  // namespace

void run(BytesView data) {
    Input script{data};
    Ground& ground = ground_of(script.byte() % kRevisions.size());
    std::vector<Head> heads;
    std::vector<Picture> before;
    while (!script.at_end() && heads.size() < kBlocks) {
        const std::vector<Log> logs = block_of(script);
        before.push_back(ground.picture());
        heads.push_back(aave::head(aave::kBootBlock + 1 + heads.size()));
        ground.look_for_liquidations(logs);
        if (!ground.apply(heads.back(), logs)) break;
    }
    while (!heads.empty()) {
        ground.undo(heads.back().hash);
        require(ground.picture() == before.back(), "undoing a block restores everything");
        heads.pop_back();
        before.pop_back();
    }
}

}  // namespace plimsoll::fuzz
