// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/book/chunked_vector.hpp"
#include "strategy/venue.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

/// Which accounts have been compared with the chain, and in which of their versions. What is wanted is asked
/// in batches, each at one block hash, the most urgent and then the oldest first, and no more than so many
/// accounts a block. An answer of which nothing follows (a failed read, a price that differs) is asked for
/// again with a later block.
class Audit {
  public:
    struct Subject {
        VenueId venue{};
        AccountId account{};
        friend auto operator<=>(const Subject&, const Subject&) = default;
    };
    enum class Urgency : std::uint8_t { at_once, soon, sometime };

    /// A term of an account that the chain tells otherwise than the book.
    struct Mismatch {
        Subject subject;
        std::string term;
        U256 ours;
        U256 theirs;
        Head block;
    };
    /// What an answer came to.
    struct Finding {
        std::uint64_t compared = 0;  // accounts
        bool conclusive = false;     // everything that was asked could be compared
        std::string why;             // if not
        std::optional<Mismatch> first;
        std::uint64_t mismatches = 0;  // accounts
    };
    using Venues = std::span<const std::unique_ptr<Venue>>;

    /// `per_block` accounts at each block; those wanted at once may be as many again.
    Audit(std::size_t venues, std::uint32_t per_block) : per_block_{per_block}, books_(venues) {}

    /// Nothing is proven, wanted or asked.
    void reset();
    /// Known without asking.
    void prove(const Subject& subject, std::uint32_t version);
    [[nodiscard]] bool proven(const Subject& subject, std::uint32_t version) const;
    /// An account that waits already waits no longer for it.
    void want(const Subject& subject, Urgency urgency);

    [[nodiscard]] bool urgent() const noexcept { return urgent_; }
    /// Accounts that wait to be asked for, and requests without an answer.
    [[nodiscard]] bool idle() const noexcept { return waiting_ == 0 && requests_.empty(); }
    [[nodiscard]] std::size_t outstanding() const noexcept { return requests_.size(); }

    /// The reads that are due at `at`, the block that all venues stand at.
    void ask(const Head& at, Venues venues, const NextReadId& next_id, std::vector<ReadRequest>& out);
    /// What an inconclusive answer was lacking may be here now.
    void retry() noexcept { stuck_ = false; }
    [[nodiscard]] bool asked(ReadId id) const { return requests_.contains(id); }
    [[nodiscard]] Finding accept(const ReadResult& result);

  private:
    static constexpr std::size_t kUrgencies = 3;
    /// By account, five bytes each.
    struct VenueBook {
        ChunkedVector<std::uint32_t> proven;  // version and one; zero: never
        ChunkedVector<std::uint8_t> waits;    // urgency and one; zero: it does not
        std::array<std::deque<AccountId>, kUrgencies> queues;
        std::unordered_map<AccountId, std::uint32_t> asking;  // the version that a request is about
    };
    struct Asked {
        Expectation what;
        Urgency urgency{};
    };
    struct Request {
        VenueId venue{};
        Head at;
        std::vector<Premise> premises;
        std::vector<Asked> accounts;
    };

    /// Where a version's successor is zero it counts as never proven, and is asked for again.
    [[nodiscard]] static std::uint32_t after(std::uint32_t version) noexcept { return version + 1; }
    VenueBook& book_with(const Subject& subject);
    [[nodiscard]] std::vector<std::pair<AccountId, Urgency>> take(VenueBook& book);
    bool ask_venue(VenueId id, const Head& at, const Venue& venue, const NextReadId& next_id,
                   std::vector<ReadRequest>& out);
    void put_back(const Request& request);
    [[nodiscard]] Finding compare(const Request& request, BytesView answer);

    std::uint32_t per_block_;
    std::uint32_t asked_here_ = 0;  // accounts at the newest block
    Hash32 at_;
    std::vector<VenueBook> books_;
    std::unordered_map<ReadId, Request> requests_;
    std::size_t waiting_ = 0;
    bool urgent_ = false;
    bool stuck_ = false;  // not again at this block
};

}  // namespace plimsoll::strategy
