// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/load_state.hpp"

#include "bot/journal/attempt_codec.hpp"
#include "bot/journal/past_landings.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::bot {

namespace {

constexpr std::uint64_t kDay = 24ULL * 60 * 60;

Timestamp a_day_before(Timestamp now) {
    return Timestamp{now.value - std::min(now.value, kDay)};
}

Result<std::vector<signer::AttemptRow>> open_attempts(Database& database) {
    std::vector<signer::AttemptRow> out;
    Statement rows = database.prepare(std::string{"SELECT "} + kAttemptColumns +
                                      " FROM attempts WHERE status NOT IN ('confirmed', 'reverted', "
                                      "'replaced', 'dropped') ORDER BY nonce, id");
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) return out;
        PLIMSOLL_TRY(signer::AttemptRow row, read_attempt(rows));
        out.push_back(std::move(row));
    }
}

/// Intents whose attempts are all replaced (or only consumed their nonce), and which have no last word. What
/// landed speaks for itself.
Result<std::vector<signer::LooseIntent>> loose_intents(Database& database) {
    std::vector<signer::LooseIntent> out;
    Statement rows = database.prepare(
        "SELECT one.intent_id, one.chain, one.venue, one.account, one.last_block, landed.block_hash, "
        "landed.block_number FROM attempts AS one LEFT JOIN attempts AS landed ON landed.nonce = one.nonce "
        "AND landed.status IN ('confirmed', 'reverted') WHERE one.id IN (SELECT max(id) FROM attempts WHERE "
        "intent_id <> 0 AND intent_id NOT IN (SELECT id FROM intents) AND status <> 'dropped' GROUP BY "
        "intent_id HAVING min(status = 'replaced' OR (purpose = 'cancel' AND status IN ('confirmed', "
        "'reverted')))) ORDER BY one.intent_id");
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) return out;
        signer::LooseIntent one;
        one.id = rows.integer(0);
        one.key.chain.value = rows.integer(1);
        one.key.venue = static_cast<VenueId>(rows.integer(2));
        const BytesView account = rows.blob(3);
        const BytesView block = rows.blob(5);
        const bool landed = block.size() == one.block_hash.bytes.size();
        if (account.size() != one.key.account.bytes.size() || (!block.empty() && !landed)) {
            return fail(Errc::storage_failed,
                        "intent " + std::to_string(one.id) + " in the journal is damaged");
        }
        std::copy(account.begin(), account.end(), one.key.account.bytes.begin());
        std::copy(block.begin(), block.end(), one.block_hash.bytes.begin());
        one.last_block.value = rows.integer(4);
        if (landed) one.block_number.value = rows.integer(6);
        out.push_back(one);
    }
}

Result<void> read_marks(Database& database, signer::JournalState& out) {
    Statement marks = database.prepare(
        "SELECT (SELECT max(nonce) FROM attempts WHERE status <> 'dropped'), "
        "(SELECT max(nonce) FROM attempts WHERE status IN ('confirmed', 'reverted', 'replaced')), "
        "max((SELECT ifnull(max(id), 0) FROM attempts), (SELECT ifnull(max(last_attempt), 0) FROM epochs), "
        "(SELECT last_attempt FROM forgotten)) + "
        "1, "
        "max((SELECT ifnull(max(intent_id), 0) FROM attempts), (SELECT ifnull(max(id), 0) FROM intents), "
        "(SELECT ifnull(max(last_intent), 0) FROM epochs), (SELECT last_intent FROM forgotten)) + 1, "
        "(SELECT max(through) FROM reservations), "
        "(SELECT adopted FROM epochs WHERE adopted IS NOT NULL ORDER BY epoch DESC LIMIT 1), "
        "(SELECT ifnull(max(epoch), 0) FROM epochs)");
    PLIMSOLL_TRY(const bool found, marks.step());
    if (!found || marks.is_null(2) || marks.is_null(3))
        return fail(Errc::storage_failed, "the journal does not tell which ids were given");
    const auto nonce = [&marks](int column) {
        return marks.is_null(column) ? std::nullopt : std::optional{Nonce{marks.integer(column)}};
    };
    out.highest_nonce = nonce(0);
    out.highest_landed = nonce(1);
    out.next_attempt = marks.integer(2);
    out.next_intent = marks.integer(3);
    out.reserved = nonce(4);
    out.adopted = nonce(5);
    out.epoch = marks.integer(6);
    return {};
}

/// Gathers the rows of one nonce.
class SpendOfNonce {
  public:
    void add(std::string_view status, const Wei& ceiling, std::optional<Wei> cost, Timestamp made) {
        if (status == "dropped") return;
        spend_.ceiling = std::max(spend_.ceiling, ceiling);
        if (!any_ || made < spend_.at) spend_.at = made;
        any_ = true;
        const bool landed = status == "confirmed" || status == "reverted";
        final_ = final_ && (landed || status == "replaced");
        if (!landed) return;
        known_ = cost.has_value();
        cost_ = cost.value_or(Wei{});
    }
    void finish(Nonce nonce, std::vector<signer::Spend>& out) {
        if (any_) {
            spend_.nonce = nonce;
            if (final_ && known_) spend_.cost = cost_;
            out.push_back(spend_);
        }
        *this = {};
    }

  private:
    signer::Spend spend_;
    bool any_ = false;
    bool final_ = true;
    bool known_ = true;  // not so if something landed whose cost was not written down
    Wei cost_;
};

Result<std::vector<signer::Spend>> read_spends(Database& database, Timestamp now) {
    std::vector<signer::Spend> out;
    Statement rows = database.prepare(
        "SELECT nonce, status, ceiling, gas_cost, created_ms FROM attempts WHERE nonce IN (SELECT nonce FROM "
        "attempts WHERE status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped') UNION SELECT nonce "
        "FROM "
        "attempts WHERE created_ms >= ?1) ORDER BY nonce");
    rows.bind(1, a_day_before(now).value * 1000);
    SpendOfNonce gathered;
    std::optional<Nonce> current;
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) break;
        const Nonce nonce{rows.integer(0)};
        if (current && *current != nonce) gathered.finish(*current, out);
        current = nonce;
        PLIMSOLL_TRY(const U256 ceiling, parse_decimal(rows.text(2)));
        std::optional<Wei> cost;
        if (!rows.is_null(3)) {
            PLIMSOLL_TRY(const U256 paid, parse_decimal(rows.text(3)));
            cost = Wei{paid};
        }
        gathered.add(rows.text(1), Wei{ceiling}, cost, Timestamp{rows.integer(4) / 1000});
    }
    if (current) gathered.finish(*current, out);
    return out;
}

}  // namespace

Result<signer::JournalState> load_state(Database& database, Timestamp now) {
    signer::JournalState out;
    PLIMSOLL_TRY(out.open, open_attempts(database));
    PLIMSOLL_TRY(out.loose, loose_intents(database));
    PLIMSOLL_CHECK(read_marks(database, out));
    PLIMSOLL_TRY(out.spends, read_spends(database, now));
    PLIMSOLL_TRY(out.landings, read_past_landings(database, a_day_before(now)));
    return out;
}

}  // namespace plimsoll::bot
