// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "signer/attempt.hpp"
#include "signer/journal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace plimsoll::signer {

/// How much gas may cost. Nothing given: no limit.
struct SpendLimits {
    std::optional<Wei> per_hour;
    std::optional<Wei> per_day;
    Wei min_balance;     // stays in the account whatever happens to what is under way
    Wei cancel_reserve;  // of each window, kept for cancellations
};

enum class SpendWindow : std::uint8_t { hour, day, balance };

[[nodiscard]] std::string_view to_string(SpendWindow window) noexcept;

/// Which limit a charge would break, with the numbers.
struct Overspend {
    SpendWindow window{};
    std::string text;
};

/// What transactions of this key cost, nonce by nonce: while one is open, the highest ceiling (gas limit x
/// fee cap + value) of its attempts, whenever it was made; then what it really cost, for a day. Only one
/// attempt of a nonce can land, so only the highest ceiling of them counts. Pure.
class SpendLedger {
  public:
    explicit SpendLedger(const SpendLimits& limits) : limits_{limits} {}

    /// Time, in whole seconds; it never goes back.
    void at(Timestamp now);
    /// The account's balance at the newest block; unknown until told.
    void balance(const Wei& amount) { balance_ = amount; }

    /// What earlier runs spent and left under way.
    void restore(const JournalState& state);

    /// Whether an attempt of this ceiling fits; a cancellation may use what is kept for them, and is not held
    /// to the balance. Nothing changes.
    [[nodiscard]] std::optional<Overspend> refuses(Purpose purpose, Nonce nonce, const Wei& ceiling) const;
    void charge(Nonce nonce, AttemptId attempt, const Wei& ceiling);
    /// Both: charged unless it is refused.
    [[nodiscard]] std::optional<Overspend> admit(Purpose purpose, Nonce nonce, AttemptId attempt,
                                                 const Wei& ceiling);
    /// What the journal is told of an attempt: a final state releases or settles its nonce. A landing whose
    /// cost is not told keeps its ceiling.
    void note(const UpdateAttempt& update);
    /// The attempt will never leave this process: its nonce costs what its others may. Of no effect on what
    /// an earlier run made, which may be out: only the journal lets go of that.
    void release(AttemptId attempt);
    /// The nonce is final. `cost` is what our attempt that landed took; zero if none of them did.
    void settle(Nonce nonce, const Wei& cost);

    /// Within the last `seconds`, with all that is open.
    [[nodiscard]] Wei spent(std::uint64_t seconds) const;
    /// What everything under way may still take from the balance.
    [[nodiscard]] Wei open() const;
    /// How high the ceiling of a further nonce may be, by window and by balance.
    [[nodiscard]] Wei room() const;
    /// Which of them is the narrowest; nothing if none is set.
    [[nodiscard]] std::optional<SpendWindow> narrowest() const;
    [[nodiscard]] const std::optional<Wei>& balance() const noexcept { return balance_; }

    static constexpr std::uint64_t kHour = 3'600;
    static constexpr std::uint64_t kDay = 24 * kHour;

  private:
    struct Entry {
        std::map<AttemptId, Wei> ceilings;  // of the open ones
        std::optional<Wei> cost;            // once it is final
        Timestamp at;                       // of its first attempt
        [[nodiscard]] Wei amount() const;
    };
    struct Limit {
        SpendWindow window{};
        Wei left;
    };
    [[nodiscard]] std::optional<Limit> tightest(Purpose purpose, const Entry* without) const;
    [[nodiscard]] Wei spent(std::uint64_t seconds, const Entry* without) const;
    [[nodiscard]] Wei open(const Entry* without) const;
    void let_go(AttemptId attempt);
    void forget_old();

    SpendLimits limits_;
    Timestamp now_;
    std::optional<Wei> balance_;
    std::map<Nonce, Entry> entries_;
    std::map<AttemptId, Nonce> nonces_;  // of the attempts that are not final
    AttemptId ours_{};                   // the first one of this run; earlier ones may be out
};

}  // namespace plimsoll::signer
