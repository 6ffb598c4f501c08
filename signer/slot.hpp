// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "signer/attempt.hpp"
#include "signer/intent.hpp"
#include "signer/send_class.hpp"
#include "signer/signer_event.hpp"
#include "signer/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::signer {

/// How far an attempt has come inside this process. Only a durable one may be sent.
enum class Step : std::uint8_t { signing, persisting, durable };

struct Attempt {
    AttemptRow row;
    Transaction fields;
    Wei data_fee;  // see Sign
    Step step{};
    bool handed_out{};     // some node may know it
    bool bytes_missing{};  // a recovered armed one: `row.raw` is what is to be signed, never sent
    std::uint32_t sends{};
    std::optional<SendClass> answer;       // to the latest send
    BlockNumber sent_at;                   // head at the latest send
    std::optional<Timestamp> sent_time;    // likewise
    BlockNumber asked_at;                  // head at the latest question for its receipt
    std::optional<BlockNumber> absent_at;  // newest head at which no receipt was known
};

struct Landing {
    AttemptId attempt{};
    Receipt receipt;
};

/// An intent that has attempts at a nonce.
struct Claim {
    Intent intent;
    bool withdrawn{};                       // not wanted any more; what lands of it is ours all the same
    OutcomeKind end{OutcomeKind::expired};  // what it means if it is dropped unsent
    std::string end_text;
    std::optional<OutbidSeen> outbid;  // another's liquidation that came first
};

/// One nonce under way: every attempt made for it, for whichever intents. At most the last claim is wanted: a
/// nonce takes another intent only when the ones before it are not wanted any more.
struct Slot {
    Nonce nonce;
    std::vector<Claim> claims;  // none when it only fills a gap
    std::vector<Attempt> attempts;
    std::optional<Landing> landed;
    bool bump_wanted{};         // a node asked for a higher fee
    NeededFee needed;           // and for how much, if it said
    bool repriced{};            // the one replacement out of turn was made
    bool capped{};              // told that the fee can go no higher
    BlockNumber first_head;     // when something was first made for it, or fired
    BlockNumber fresh_at;       // head when the newest attempt was first sent
    BlockNumber considered_at;  // head at which its fate was last thought over
    std::optional<Timestamp> considered_time;
    unsigned foreign_strikes{};  // heads at which the nonce was used, by none of our hashes
    BlockNumber struck_at;
    std::uint64_t struck_reading{};

    [[nodiscard]] Attempt& newest() { return attempts.back(); }
    [[nodiscard]] Attempt* find(AttemptId id);
    /// The intent that is still to land; none if the nonce only has to be consumed.
    [[nodiscard]] Claim* wanted();
    [[nodiscard]] Claim* claim_of(std::uint64_t intent_id);
    /// Why it is only to be consumed, for people.
    [[nodiscard]] std::string why_consumed() const;
    /// What a replacement must outbid in both fields: the most that any attempt offers.
    [[nodiscard]] fees::FeeQuote offered() const;
    [[nodiscard]] bool possibly_sent() const;
    /// Whether no hash that may be out had a receipt at this head.
    [[nodiscard]] bool absent_at(BlockNumber head) const;
    /// Whether the wanted intent is of no use in any block after `head`.
    [[nodiscard]] bool past_deadline(BlockNumber head);
};

}  // namespace plimsoll::signer
