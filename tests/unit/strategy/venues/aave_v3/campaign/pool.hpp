// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venues/aave_v3/rules.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/record.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3::campaign {

enum class Side : std::uint8_t { supply, debt };

/// The pool and its tokens during one block: what is done to it goes into the record, and the logs that the
/// contracts tell of it are kept. Rounds as ScaledBalanceTokenBase and TokenMath of the revision do; their
/// arithmetic is that of math.hpp in 256 bits, and nothing else of the product is used.
class Pool {
  public:
    Pool(Record& record, const Rules& rules, Timestamp now) : record_{record}, rules_{rules}, now_{now} {}

    /// Writes the reserve's indices as of now, and tells so.
    void accrue(ReserveId reserve);
    /// With new rates (ray a year).
    void set_rates(ReserveId reserve, u128 supply, u128 debt);

    /// More of the reserve's asset, in its units; `interest` is what the log tells beside it.
    void mint(AccountId who, ReserveId reserve, Side side, const U256& amount, const U256& interest);
    /// Less, at most all of it.
    void burn(AccountId who, ReserveId reserve, Side side, const U256& amount, const U256& interest);
    /// Scaled units of the supply from one account to another.
    void transfer(AccountId from, AccountId to, ReserveId reserve, u128 scaled);
    void set_collateral(AccountId who, ReserveId reserve, bool used);
    void set_category(AccountId who, std::uint8_t category);
    /// A log that cannot follow what is known: from here on the account's state is not sure.
    void confuse(AccountId who, ReserveId reserve);
    /// `shares`: the liquidator takes the collateral as aTokens.
    void liquidated(AccountId who, ReserveId collateral, ReserveId debt, bool shares);
    AccountId newcomer() { return record_.add(); }

    /// What the account holds or owes, in units of the asset.
    [[nodiscard]] U256 balance(AccountId who, ReserveId reserve, Side side) const;

    [[nodiscard]] Record& record() noexcept { return record_; }
    [[nodiscard]] const Rules& rules() const noexcept { return rules_; }
    [[nodiscard]] Timestamp now() const noexcept { return now_; }
    void tell(const Address& emitter, const Hash32& topic, const std::vector<Hash32>& indexed,
              const std::vector<U256>& data);

    std::vector<Log> logs;

  private:
    void grow(ReserveId reserve);
    [[nodiscard]] U256 index(ReserveId reserve, Side side) const;
    [[nodiscard]] U256 worth(const U256& scaled, ReserveId reserve, Side side) const;
    [[nodiscard]] U256 scaled_in(const U256& amount, ReserveId reserve, Side side) const;
    [[nodiscard]] U256 scaled_out(const U256& amount, ReserveId reserve, Side side) const;
    void put(AccountId who, ReserveId reserve, Side side, const U256& scaled);

    Record& record_;
    const Rules& rules_;
    Timestamp now_;
};

}  // namespace plimsoll::strategy::aave_v3::campaign
