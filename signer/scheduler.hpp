// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "signer/action.hpp"
#include "signer/fee.hpp"
#include "signer/intent.hpp"
#include "signer/signer_event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::signer {

struct SchedulerDefects;

struct SchedulerOptions {
    ChainId chain;
    Address sender;
    FeeLimits fees;
    std::size_t max_in_flight = 16;     // nonces under way at once (geth keeps 16 slots for a key)
    std::size_t max_waiting = 256;      // intents without a nonce; the least valuable go first
    std::uint64_t replace_after = 3;    // blocks without inclusion before the lowest nonce is bumped
    std::uint64_t resend_after = 2;     // blocks before bytes that no node confirmed are sent again
    std::uint64_t resend_seconds = 12;  // the same while no block comes
    std::uint64_t confirmations = 1;    // blocks, its own included, until a landing is final
    std::uint64_t reserve_block = 64;   // nonces made durable ahead at once; at least 2
    std::uint64_t query_every = 2;      // seconds between questions while no head arrives
    Gas cancel_gas{21'000};             // of a plain transfer to ourselves
};

/// Whether the key may be used, as a person would say it.
enum class KeyState : std::uint8_t {
    starting,  // waits for the journal, the chain's nonces or the first head
    ready,
    stopping,  // Stop was told
    stopped,   // foreign use of the key or a failed journal; only a restart helps
};

[[nodiscard]] std::string_view to_string(KeyState state) noexcept;

/// An intent prepared in advance. The epoch makes a stale handle harmless.
struct ArmedSlot {
    std::uint32_t slot{};
    std::uint32_t epoch{};
    friend bool operator==(const ArmedSlot&, const ArmedSlot&) = default;
};

/// Signed bytes that are ready to leave, valid until the scheduler's next step.
struct ArmedBytes {
    AttemptId attempt{};
    BytesView raw;
};

/// From intent to outcome: one key on one chain. Pure: no socket, file, clock, thread or key inside; the same
/// events give the same actions. Not for use by several threads.
///
/// What it promises, whatever order answers come in: a nonce is never given to two intents that could both
/// land; a Send follows only the Persisted it depends on; one key (chain, venue, account) has at most one
/// intent that is not final; every hash that may have been sent is watched to the end; no nonce stays behind
/// as a gap; no nonce is used that is not reserved; no fee goes above the cap.
class Scheduler {
  public:
    explicit Scheduler(const SchedulerOptions& options);
    /// For tests that must see their own checks fail: breaks promises on purpose.
    Scheduler(const SchedulerOptions& options, const SchedulerDefects& defects);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    Scheduler(Scheduler&&) = delete;
    Scheduler& operator=(Scheduler&&) = delete;

    /// Appends to `actions`, which must be carried out in order.
    void on(const SignerEvent& event, Actions& actions);

    /// Holds an intent ready; one slot per IntentKey, a newer one replaces it. Every armed intent is signed
    /// and made durable for the next nonce, again when that or the price of gas moves; together they are the
    /// armed set of that nonce, of which at most one is ever fired.
    [[nodiscard]] ArmedSlot arm(Intent intent, Actions& actions);
    /// Sends what is armed, once: at once if it is ready(), else by the way of every intent. False if the
    /// slot was disarmed, fired or re-armed since.
    bool fire(ArmedSlot slot, Actions& actions);
    void disarm(ArmedSlot slot, Actions& actions);
    /// Whether its bytes are durable and its nonce is the next to go.
    [[nodiscard]] bool ready(ArmedSlot slot) const noexcept;
    /// What `fire` would send at once; nothing unless it is ready().
    [[nodiscard]] std::optional<ArmedBytes> armed_bytes(ArmedSlot slot) const noexcept;

    [[nodiscard]] KeyState state() const noexcept;
    /// Why the state is `stopped` or still `starting`; empty otherwise.
    [[nodiscard]] const std::string& state_reason() const noexcept;
    /// True while an intent of this key is not final.
    [[nodiscard]] bool busy(const IntentKey& key) const noexcept;
    [[nodiscard]] std::size_t in_flight() const noexcept;  // nonces under way
    [[nodiscard]] std::size_t waiting() const noexcept;    // intents without a nonce
    /// An id for the next intent; valid after Recovered.
    [[nodiscard]] std::uint64_t next_intent_id() noexcept;

  private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace plimsoll::signer
