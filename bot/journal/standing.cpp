// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/standing.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace plimsoll::bot {

namespace {

using Kind = JournalOpenError::Kind;

/// How many nonces an adoption reserves at once.
constexpr std::uint64_t kAdoptedNonces = 64;

struct Standing {
    WitnessRecord record;
    std::optional<Nonce> landed;  // highest final one
};

Result<Standing> standing_of(Database& database) {
    Statement row = database.prepare(
        "SELECT (SELECT ifnull(max(epoch), 0) FROM epochs), (SELECT max(through) FROM reservations), "
        "max((SELECT ifnull(max(id), 0) FROM attempts), (SELECT ifnull(max(last_attempt), 0) FROM epochs), "
        "(SELECT last_attempt FROM forgotten)), "
        "max((SELECT ifnull(max(intent_id), 0) FROM attempts), (SELECT ifnull(max(id), 0) FROM intents), "
        "(SELECT ifnull(max(last_intent), 0) FROM epochs), (SELECT last_intent FROM forgotten)), "
        "(SELECT max(nonce) FROM attempts WHERE status IN ('confirmed', 'reverted', 'replaced'))");
    PLIMSOLL_TRY(const bool found, row.step());
    if (!found || row.is_null(2) || row.is_null(3))
        return fail(Errc::storage_failed, "the journal does not tell which ids were given");
    Standing out;
    out.record.epoch = row.integer(0);
    if (!row.is_null(1)) out.record.reserved = Nonce{row.integer(1)};
    out.record.last_attempt = row.integer(2);
    out.record.last_intent = row.integer(3);
    if (!row.is_null(4)) out.landed = Nonce{row.integer(4)};
    return out;
}

std::string told(const WitnessRecord& record) {
    return "opening " + std::to_string(record.epoch) + ", " +
           (record.reserved ? "nonces up to " + std::to_string(record.reserved->value) : "no nonce") +
           ", attempt " + std::to_string(record.last_attempt);
}

bool behind(const WitnessRecord& journal, const WitnessRecord& witness) {
    return journal.epoch < witness.epoch || journal.reserved < witness.reserved ||
           journal.last_attempt < witness.last_attempt || journal.last_intent < witness.last_intent;
}

std::string advice(const StandingNames& names) {
    return "; put the newest copies of both back, or wait until no transaction of " +
           to_string(names.sender) +
           " is pending any more and start once with --adopt-nonce N, N being the chain's next nonce of the "
           "key";
}

/// Empty if the two agree.
std::string disagreement(const Standing& journal, const Result<std::optional<WitnessRecord>>& witness,
                         const StandingNames& names) {
    if (!witness) return names.witness + ": " + witness.error().context;
    if (*witness && behind(journal.record, **witness)) {
        return names.journal + " is behind its witness " + names.witness + ": it knows " +
               told(journal.record) + "; the witness " + told(**witness);
    }
    // Without a reservation nothing was ever signed by it, and at epoch 0 it never had a witness.
    if (!*witness && journal.record.epoch != 0 && journal.record.reserved)
        return names.journal + " has lost its witness " + names.witness;
    return {};
}

WitnessRecord later_of(const WitnessRecord& a, const WitnessRecord& b) {
    return {std::max(a.epoch, b.epoch), std::max(a.reserved, b.reserved),
            std::max(a.last_attempt, b.last_attempt), std::max(a.last_intent, b.last_intent)};
}

Result<void> begin_epoch(Database& database, const WitnessRecord& now, std::optional<Nonce> adopt,
                         bool reserve) {
    PLIMSOLL_CHECK(database.execute("BEGIN IMMEDIATE"));
    Statement epoch = database.prepare("INSERT INTO epochs VALUES (?1, ?2, ?3, ?4, ?5)");
    epoch.bind(1, now.epoch).bind(2, wall_clock_ms());
    if (adopt) {
        epoch.bind(3, adopt->value);
    } else {
        epoch.bind_null(3);
    }
    Result<void> done = epoch.bind(4, now.last_attempt).bind(5, now.last_intent).run();
    if (done && reserve) {
        Statement through = database.prepare("INSERT INTO reservations VALUES (?1, ?2, ?3)");
        done = through.bind(1, now.reserved->value).bind(2, now.epoch).bind(3, wall_clock_ms()).run();
    }
    if (done) done = database.execute("COMMIT");
    if (!done) static_cast<void>(database.execute("ROLLBACK"));
    return done;
}

}  // namespace

std::uint64_t wall_clock_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

tl::expected<WitnessRecord, JournalOpenError> take_up(Database& database, Witness& witness,
                                                      std::optional<Nonce> adopt,
                                                      const StandingNames& names) {
    const Result<Standing> journal = standing_of(database);
    if (!journal) return refuse_journal(Kind::unreadable, names.journal + ": " + journal.error().context);
    const Result<std::optional<WitnessRecord>> known = witness.read();
    if (!known && known.error().code == Errc::refused)
        return refuse_journal(Kind::other_owner, names.witness + ": " + known.error().context);
    if (!known && known.error().code == Errc::storage_failed)
        return refuse_journal(Kind::cannot_create, known.error().context);
    const std::string trouble = disagreement(*journal, known, names);
    if (!trouble.empty() && !adopt) return refuse_journal(Kind::behind, trouble + advice(names));
    if (adopt && journal->landed && *adopt <= *journal->landed) {
        return refuse_journal(Kind::behind,
                              "--adopt-nonce " + std::to_string(adopt->value) +
                                  " is too low: the journal holds a final transaction with nonce " +
                                  std::to_string(journal->landed->value));
    }
    WitnessRecord now = journal->record;
    if (known && *known) now = later_of(now, **known);
    // So that a journal that is only about to begin is not taken for one that lost its witness.
    if (known && !*known && journal->record.epoch == 0) {
        const Result<void> made = witness.sync(now);
        if (!made) return refuse_journal(Kind::cannot_create, made.error().context);
    }
    ++now.epoch;
    if (adopt) now.reserved = std::max(now.reserved, std::optional{adopt->next(kAdoptedNonces - 1)});
    const bool reserve = now.reserved != journal->record.reserved;
    Result<void> begun = begin_epoch(database, now, adopt, reserve);
    if (begun) begun = witness.sync(now);
    if (!begun) return refuse_journal(Kind::cannot_create, names.journal + ": " + begun.error().context);
    return now;
}

}  // namespace plimsoll::bot
