// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plimsoll::bot {

/// Marks the file as ours ("PLIM"), so that no other SQLite file is taken for a journal.
inline constexpr int kApplicationId = 0x504C494D;
/// Counts up with every change of the schema.
inline constexpr int kSchemaVersion = 4;

/// One row an attempt (what was armed and let go has none), one an ended intent, one a reservation, one an
/// opening. Amounts of 256 bits are decimal text. What is looked at with every write is spelled with OR: for
/// an IN of more than two SQLite makes a little table each time, and ten of them cost more than the row.
inline constexpr const char* kTables = R"sql(
CREATE TABLE owner (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    chain  INTEGER NOT NULL,
    sender BLOB    NOT NULL CHECK (length(sender) = 20)
) STRICT;

CREATE TABLE attempts (
    id             INTEGER PRIMARY KEY,
    intent_id      INTEGER NOT NULL,               -- 0: fills a gap for no intent
    chain          INTEGER NOT NULL,
    sender         BLOB    NOT NULL CHECK (length(sender) = 20),
    venue          INTEGER NOT NULL,
    account        BLOB    NOT NULL CHECK (length(account) = 20),
    purpose        TEXT    NOT NULL CHECK (purpose IN ('execute', 'cancel')),
    nonce          INTEGER NOT NULL CHECK (nonce >= 0),
    hash           BLOB    NOT NULL CHECK (length(hash) = 32),
    raw            BLOB    NOT NULL CHECK (length(raw) > 0),
    base_fee       TEXT    NOT NULL,
    max_fee        TEXT    NOT NULL,
    priority_fee   TEXT    NOT NULL,
    last_block     INTEGER NOT NULL,
    value_at_stake TEXT    NOT NULL,
    ceiling        TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status = 'armed' OR status = 'signed' OR status = 'maybe_sent' OR status = 'sent'
                                           OR status = 'seen' OR status = 'superseded' OR status = 'mined' OR status = 'reorged'
                                           OR status = 'confirmed' OR status = 'reverted' OR status = 'replaced'
                                           OR status = 'dropped'),
    block_hash     BLOB             CHECK (block_hash IS NULL OR length(block_hash) = 32),
    block_number   INTEGER,
    profit_token   BLOB             CHECK (profit_token IS NULL OR length(profit_token) = 20),
    profit         TEXT,
    gas_cost       TEXT,
    created_ms     INTEGER NOT NULL,
    updated_ms     INTEGER NOT NULL,
    first_head     INTEGER NOT NULL DEFAULT 0,     -- newest block when the nonce was first used; 0: only armed
    CHECK ((status = 'mined' OR status = 'confirmed' OR status = 'reverted') = (block_hash IS NOT NULL)),
    CHECK ((block_hash IS NULL) = (block_number IS NULL)),
    CHECK ((profit_token IS NULL) = (profit IS NULL))
) STRICT;

CREATE TABLE intents (
    id           INTEGER PRIMARY KEY CHECK (id > 0),
    outcome      TEXT    NOT NULL CHECK (outcome IN ('confirmed', 'reverted', 'outbid', 'expired', 'cancelled', 'refused')),
    block_hash   BLOB    NOT NULL CHECK (length(block_hash) = 32 AND block_hash <> zeroblob(32)),
    block_number INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    ended_ms     INTEGER NOT NULL
) STRICT;

CREATE TABLE reservations (
    through    INTEGER PRIMARY KEY CHECK (through >= 0),
    epoch      INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE epochs (
    epoch        INTEGER PRIMARY KEY,
    opened_ms    INTEGER NOT NULL,
    adopted      INTEGER CHECK (adopted >= 0),  -- the chain's next nonce, on the operator's word
    last_attempt INTEGER NOT NULL,              -- ids that may have been given before, whatever the rows say
    last_intent  INTEGER NOT NULL
) STRICT;
)sql";

/// What must hold of all rows together, so that no caller can break it. A caller with a bug gets an error,
/// not a double spend. Whole numbers without leading zeros compare by length and then by digits.
inline constexpr const char* kRules = R"sql(
CREATE UNIQUE INDEX one_newest_attempt_of_a_nonce ON attempts (nonce)
WHERE status = 'signed' OR status = 'maybe_sent' OR status = 'sent' OR status = 'seen';
CREATE UNIQUE INDEX one_landed_attempt_of_a_nonce ON attempts (nonce)
WHERE status = 'mined' OR status = 'confirmed' OR status = 'reverted';
-- What was never sent may be made again with the very same fields: an armed one, when its nonce comes round.
CREATE UNIQUE INDEX one_attempt_of_a_hash ON attempts (hash) WHERE status <> 'dropped';
CREATE INDEX by_nonce ON attempts (nonce);
CREATE INDEX by_key ON attempts (venue, account);
CREATE INDEX by_intent ON attempts (intent_id);
CREATE INDEX open_attempts ON attempts (nonce) WHERE status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped');
CREATE INDEX by_time ON attempts (created_ms);

CREATE TRIGGER one_owner BEFORE INSERT ON attempts
WHEN NOT EXISTS (SELECT 1 FROM owner WHERE chain = NEW.chain AND sender = NEW.sender)
BEGIN SELECT RAISE(ABORT, 'the journal belongs to another chain or key'); END;

CREATE TRIGGER a_nonce_is_reserved BEFORE INSERT ON attempts
WHEN NOT EXISTS (SELECT 1 FROM reservations WHERE through >= NEW.nonce)
BEGIN SELECT RAISE(ABORT, 'the nonce is not reserved'); END;

CREATE TRIGGER a_consumed_nonce_is_consumed BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM attempts
             WHERE nonce = NEW.nonce AND (status = 'confirmed' OR status = 'reverted' OR status = 'replaced'))
BEGIN SELECT RAISE(ABORT, 'the nonce was consumed'); END;

CREATE TRIGGER a_replacement_raises_both_fees BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM attempts
             WHERE nonce = NEW.nonce AND status NOT IN ('armed', 'dropped')
               AND ((length(NEW.max_fee), NEW.max_fee) <= (length(max_fee), max_fee)
                    OR (length(NEW.priority_fee), NEW.priority_fee) <= (length(priority_fee), priority_fee)))
BEGIN SELECT RAISE(ABORT, 'a replacement must raise both fees'); END;

CREATE TRIGGER a_key_has_one_intent BEFORE INSERT ON attempts
WHEN NEW.intent_id <> 0 AND EXISTS (SELECT 1 FROM attempts
             WHERE venue = NEW.venue AND account = NEW.account AND intent_id NOT IN (0, NEW.intent_id)
               AND status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped'))
BEGIN SELECT RAISE(ABORT, 'an intent of the same key is not final'); END;

CREATE TRIGGER an_intent_is_under_way_at_one_nonce BEFORE INSERT ON attempts
WHEN NEW.intent_id <> 0 AND EXISTS (SELECT 1 FROM attempts
             WHERE intent_id = NEW.intent_id AND nonce <> NEW.nonce AND status NOT IN ('replaced', 'dropped'))
BEGIN SELECT RAISE(ABORT, 'the intent has another nonce'); END;

CREATE TRIGGER an_ended_intent_has_ended BEFORE INSERT ON attempts
WHEN NEW.purpose = 'execute' AND EXISTS (SELECT 1 FROM intents WHERE id = NEW.intent_id)
BEGIN SELECT RAISE(ABORT, 'the intent has ended'); END;

CREATE TRIGGER what_was_signed_never_changes
BEFORE UPDATE OF id, intent_id, chain, sender, venue, account, purpose, nonce, hash, raw, base_fee, max_fee, priority_fee,
                 last_block, value_at_stake, ceiling, created_ms ON attempts
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;

CREATE TRIGGER final_is_final BEFORE UPDATE OF status, block_hash, block_number ON attempts
WHEN (OLD.status = 'confirmed' OR OLD.status = 'reverted' OR OLD.status = 'replaced' OR OLD.status = 'dropped')
     AND (NEW.status <> OLD.status OR NEW.block_hash IS NOT OLD.block_hash OR NEW.block_number IS NOT OLD.block_number)
BEGIN SELECT RAISE(ABORT, 'a final attempt never changes'); END;

CREATE TRIGGER only_unsent_is_dropped BEFORE UPDATE OF status ON attempts
WHEN NEW.status = 'dropped' AND OLD.status NOT IN ('armed', 'signed')
BEGIN SELECT RAISE(ABORT, 'only what was never sent may be dropped'); END;

CREATE TRIGGER nothing_is_unsent_again BEFORE UPDATE OF status ON attempts
WHEN NEW.status IN ('armed', 'signed') AND NEW.status <> OLD.status
BEGIN SELECT RAISE(ABORT, 'what may have been sent stays so'); END;

CREATE TRIGGER an_intent_ends_when_nothing_of_it_may_land BEFORE INSERT ON intents
WHEN EXISTS (SELECT 1 FROM attempts WHERE intent_id = NEW.id AND status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped'))
BEGIN SELECT RAISE(ABORT, 'an attempt of the intent may still land'); END;

CREATE TRIGGER a_landing_is_proven BEFORE INSERT ON intents
WHEN NEW.outcome IN ('confirmed', 'reverted') AND NOT EXISTS (SELECT 1 FROM attempts
             WHERE intent_id = NEW.id AND purpose = 'execute' AND status = NEW.outcome AND block_hash = NEW.block_hash)
BEGIN SELECT RAISE(ABORT, 'no attempt of the intent landed so'); END;

CREATE TRIGGER a_success_is_told BEFORE INSERT ON intents
WHEN NEW.outcome <> 'confirmed' AND EXISTS (SELECT 1 FROM attempts
             WHERE intent_id = NEW.id AND purpose = 'execute' AND status = 'confirmed')
BEGIN SELECT RAISE(ABORT, 'the intent was carried out'); END;

CREATE TRIGGER the_last_word_is_the_last BEFORE UPDATE ON intents
BEGIN SELECT RAISE(ABORT, 'an ended intent never changes'); END;
CREATE TRIGGER no_intent_is_forgotten BEFORE DELETE ON intents
BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END;

CREATE TRIGGER reservations_only_grow BEFORE INSERT ON reservations
WHEN EXISTS (SELECT 1 FROM reservations WHERE through >= NEW.through)
BEGIN SELECT RAISE(ABORT, 'a reservation never goes back'); END;
CREATE TRIGGER a_reservation_stays_as_it_is BEFORE UPDATE ON reservations
BEGIN SELECT RAISE(ABORT, 'a reservation never changes'); END;
CREATE TRIGGER no_reservation_is_forgotten BEFORE DELETE ON reservations
BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END;

CREATE TRIGGER epochs_only_grow BEFORE INSERT ON epochs
WHEN EXISTS (SELECT 1 FROM epochs WHERE epoch >= NEW.epoch)
BEGIN SELECT RAISE(ABORT, 'an epoch never goes back'); END;
CREATE TRIGGER an_epoch_stays_as_it_is BEFORE UPDATE ON epochs
BEGIN SELECT RAISE(ABORT, 'an epoch never changes'); END;
CREATE TRIGGER no_epoch_is_forgotten BEFORE DELETE ON epochs
BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END;
CREATE TRIGGER one_owner_for_ever BEFORE UPDATE ON owner
BEGIN SELECT RAISE(ABORT, 'the owner never changes'); END;
CREATE TRIGGER the_owner_is_not_forgotten BEFORE DELETE ON owner
BEGIN SELECT RAISE(ABORT, 'the owner never changes'); END;
)sql";

/// What was armed and never fired goes again: some sixteen rows a block would be all there is otherwise. Its
/// ids stay used, whatever the rows say.
inline constexpr const char* kForgetting = R"sql(
CREATE TABLE forgotten (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    attempts     INTEGER NOT NULL,                 -- how many
    last_attempt INTEGER NOT NULL,
    last_intent  INTEGER NOT NULL
) STRICT;
INSERT INTO forgotten VALUES (1, 0, 0, 0);

CREATE TRIGGER only_what_never_left_is_forgotten BEFORE DELETE ON attempts WHEN OLD.status <> 'armed'
BEGIN SELECT RAISE(ABORT, 'what was signed to be sent is never deleted'); END;
CREATE TRIGGER its_ids_stay_used AFTER DELETE ON attempts
BEGIN UPDATE forgotten SET attempts = attempts + 1, last_attempt = max(last_attempt, OLD.id),
                           last_intent = max(last_intent, OLD.intent_id); END;

CREATE TRIGGER what_is_forgotten_only_grows BEFORE UPDATE ON forgotten
WHEN NEW.attempts <= OLD.attempts OR NEW.last_attempt < OLD.last_attempt OR NEW.last_intent < OLD.last_intent
BEGIN SELECT RAISE(ABORT, 'ids are never given again'); END;
CREATE TRIGGER that_it_was_forgotten_is_known BEFORE DELETE ON forgotten
BEGIN SELECT RAISE(ABORT, 'ids are never given again'); END;
)sql";

}  // namespace plimsoll::bot
