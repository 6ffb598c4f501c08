// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/quote.hpp"
#include "strategy/reason.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace plimsoll::strategy {

/// What was said of each account last, so that nothing is said twice: a skip again only with another reason
/// or another version of the account, a dry-run send only with another version.
class ToldMemory {
  public:
    /// True if this is news.
    bool skip(VenueId venue, AccountId account, std::uint32_t version, Reason reason) {
        return replace(venue, account, Told{version, reason});
    }
    bool send(VenueId venue, AccountId account, std::uint32_t version) {
        return replace(venue, account, Told{version, Reason::none});
    }
    [[nodiscard]] bool sent(VenueId venue, AccountId account, std::uint32_t version) const {
        const auto found = told_.find({venue, account});
        return found != told_.end() && found->second.version == version &&
               found->second.reason == Reason::none;
    }
    /// Account numbers of an earlier bootstrap mean nothing any more.
    void clear() { told_.clear(); }

  private:
    struct Told {
        std::uint32_t version{};
        Reason reason{};
        friend bool operator==(const Told&, const Told&) = default;
    };
    bool replace(VenueId venue, AccountId account, const Told& now) {
        const auto [place, added] = told_.try_emplace({venue, account}, now);
        if (added) return true;
        if (place->second == now) return false;
        place->second = now;
        return true;
    }

    std::map<std::pair<VenueId, AccountId>, Told> told_;
};

}  // namespace plimsoll::strategy
