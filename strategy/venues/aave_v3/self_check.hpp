// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "strategy/book/book.hpp"
#include "strategy/venues/aave_v3/market.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// At the end of every reading the pool itself says what it makes of a spread of borrowers, and our totals
/// and health factors must be the same to the unit: forks number their revisions as they like, and token
/// proxies may lag behind their pool.
class SelfCheck {
  public:
    /// Of at most `most` accounts, those who owe something. `prices` are those of the block `at`.
    SelfCheck(const Market& market, const Head& at, const Book& book, const PriceVector& prices,
              std::size_t most);

    [[nodiscard]] bool can_ask() const noexcept { return !asked_ && !accounts_.empty(); }
    [[nodiscard]] bool done() const noexcept { return answered_ || accounts_.empty(); }
    [[nodiscard]] ReadRequest ask(ReadId id);
    /// Errc::unproven, naming the account and both numbers, if the pool computes otherwise.
    [[nodiscard]] Result<void> accept(const ReadResult& result);
    /// Those that the pool answered for.
    [[nodiscard]] const std::vector<AccountId>& compared() const noexcept { return compared_; }

  private:
    [[nodiscard]] Result<void> compare(AccountId account, BytesView answer);

    const Market& market_;
    Head at_;
    const Book& book_;
    const PriceVector& prices_;
    std::vector<AccountId> accounts_;
    std::vector<AccountId> compared_;
    bool asked_ = false;
    bool answered_ = false;
};

}  // namespace plimsoll::strategy::aave_v3
