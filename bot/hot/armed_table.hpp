// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/u256.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/scheduler.hpp"
#include "strategy/trigger.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace plimsoll::bot {

/// What is held ready for one account, and the answers that send it.
struct ArmedEntry {
    IntentKey key;
    signer::ArmedSlot slot;
    std::uint32_t aggregator{};  // its place in ArmedTable::aggregators
    std::uint64_t others{};      // places of those whose answer makes it void, as bits
    U256 least;                  // answers, both included
    U256 most;
    std::vector<Address> assets;            // what it takes and repays
    std::vector<rpc::PreparedSend> frames;  // one for each way out; gone once it left
};

/// What the thread that receives prices may send, as of one epoch. The writer thread makes it and hands it
/// over; from then on it changes the marks only.
class ArmedTable {
  public:
    static constexpr std::size_t kMost = 64;  // entries, and aggregators

    ArmedTable(std::uint32_t epoch, BlockNumber block) : epoch_{epoch}, block_{block} {}

    /// False if there is no place for it: nobody but the writer thread sends it then.
    bool add(const strategy::Trigger& trigger, signer::ArmedSlot slot, std::vector<rpc::PreparedSend> frames);

    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }
    /// Whose answers it is for.
    [[nodiscard]] BlockNumber block() const noexcept { return block_; }
    [[nodiscard]] const std::vector<ArmedEntry>& entries() const noexcept { return entries_; }
    [[nodiscard]] std::vector<ArmedEntry>& entries() noexcept { return entries_; }
    [[nodiscard]] std::optional<std::uint32_t> place_of(const Address& aggregator) const noexcept;
    /// The entries that this answer of the aggregator at that place may send, nearest first; most answers
    /// send nobody, and look at none.
    [[nodiscard]] std::span<const std::uint32_t> candidates(std::uint32_t place,
                                                            const U256& answer) const noexcept {
        const Aggregator& one = aggregators_[place];
        if (answer <= one.falling_from) return one.falling;
        if (answer >= one.rising_from) return one.rising;
        return {};
    }

    /// Of the writer thread: what logs of the open block that are no answers say about an entry's account or
    /// assets, by their topics, makes it void.
    void note(std::span<const Hash32> topics) noexcept;
    [[nodiscard]] bool is_void(std::size_t entry) const noexcept {
        return (void_.load(std::memory_order_acquire) >> entry & 1U) != 0;
    }

    /// The block whose answer set an entry off, and when that came: written by the thread that sends before
    /// it claims the entry, read by the writer thread after it closed the gate.
    struct Cause {
        Hash32 block_hash;
        BlockNumber block_number;
        ReceiveTime received;
    };
    Cause cause;
    std::atomic<std::int64_t> left_at{0};  // steady clock, when the last byte was handed over; 0: not yet

  private:
    [[nodiscard]] std::optional<std::uint32_t> place_for(const Address& aggregator);
    struct Aggregator {
        Address address;
        std::vector<std::uint32_t> falling;  // entries, nearest first
        std::vector<std::uint32_t> rising;
        U256 falling_from;               // the largest answer that sends one of the first
        U256 rising_from = U256::max();  // the least that sends one of the second
    };

    std::uint32_t epoch_;
    BlockNumber block_;
    std::vector<Aggregator> aggregators_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> places_;  // by the last bytes of their addresses
    std::vector<ArmedEntry> entries_;                              // nearest first
    std::atomic<std::uint64_t> void_{0};
};

}  // namespace plimsoll::bot
