// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plimsoll::bot {

/// The journal's schema of version 1, as files of that time hold it.
inline constexpr const char* kSchemaV1 = R"sql(
CREATE TABLE attempts (
    id             INTEGER PRIMARY KEY,
    intent_id      INTEGER NOT NULL,               -- 0: fills a gap for no intent
    chain          INTEGER NOT NULL,
    sender         BLOB    NOT NULL CHECK (length(sender) = 20),
    venue          INTEGER NOT NULL,
    account        BLOB    NOT NULL CHECK (length(account) = 20),
    purpose        TEXT    NOT NULL CHECK (purpose IN ('execute', 'cancel')),
    nonce          INTEGER NOT NULL CHECK (nonce >= 0),
    hash           BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    raw            BLOB    NOT NULL CHECK (length(raw) > 0),
    base_fee       TEXT    NOT NULL,
    max_fee        TEXT    NOT NULL,
    priority_fee   TEXT    NOT NULL,
    last_block     INTEGER NOT NULL,
    value_at_stake TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN ('signed', 'sent', 'superseded', 'mined',
                                                      'confirmed', 'reverted', 'replaced', 'dropped')),
    block_hash     BLOB             CHECK (block_hash IS NULL OR length(block_hash) = 32),
    block_number   INTEGER,
    profit_token   BLOB             CHECK (profit_token IS NULL OR length(profit_token) = 20),
    profit         TEXT,
    gas_cost       TEXT,
    created_ms     INTEGER NOT NULL,
    updated_ms     INTEGER NOT NULL,
    CHECK ((status IN ('mined', 'confirmed', 'reverted')) = (block_hash IS NOT NULL)),
    CHECK ((block_hash IS NULL) = (block_number IS NULL)),
    CHECK ((profit_token IS NULL) = (profit IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_newest_attempt_of_a_nonce ON attempts (nonce) WHERE status IN ('signed', 'sent');
CREATE UNIQUE INDEX one_landed_attempt_of_a_nonce ON attempts (nonce) WHERE status IN ('mined', 'confirmed', 'reverted');
CREATE INDEX by_nonce ON attempts (nonce);
CREATE INDEX by_key ON attempts (venue, account);
CREATE INDEX by_intent ON attempts (intent_id);
CREATE INDEX open_attempts ON attempts (nonce) WHERE status IN ('signed', 'sent', 'superseded', 'mined');

CREATE TRIGGER one_owner BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM (SELECT chain, sender FROM attempts LIMIT 1) WHERE chain <> NEW.chain OR sender <> NEW.sender)
BEGIN SELECT RAISE(ABORT, 'the journal belongs to another chain or key'); END;

CREATE TRIGGER a_nonce_has_one_intent BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM attempts
             WHERE nonce = NEW.nonce AND status <> 'dropped'
               AND intent_id <> NEW.intent_id)
BEGIN SELECT RAISE(ABORT, 'the nonce was given to another intent'); END;

CREATE TRIGGER a_key_has_one_intent BEFORE INSERT ON attempts
WHEN NEW.intent_id <> 0 AND EXISTS (SELECT 1 FROM attempts
             WHERE venue = NEW.venue AND account = NEW.account AND intent_id NOT IN (0, NEW.intent_id)
               AND status IN ('signed', 'sent', 'superseded', 'mined'))
BEGIN SELECT RAISE(ABORT, 'an intent of the same key is not final'); END;

CREATE TRIGGER an_intent_has_one_nonce BEFORE INSERT ON attempts
WHEN NEW.intent_id <> 0 AND EXISTS (SELECT 1 FROM attempts
             WHERE intent_id = NEW.intent_id AND nonce <> NEW.nonce AND status <> 'dropped')
BEGIN SELECT RAISE(ABORT, 'the intent has another nonce'); END;

CREATE TRIGGER what_was_signed_never_changes
BEFORE UPDATE OF id, intent_id, chain, sender, venue, account, purpose, nonce, hash, raw, base_fee, max_fee, priority_fee,
                 last_block, value_at_stake, created_ms ON attempts
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;

CREATE TRIGGER final_is_final BEFORE UPDATE OF status, block_hash, block_number ON attempts
WHEN OLD.status IN ('confirmed', 'reverted', 'replaced', 'dropped') AND NEW.status <> OLD.status
BEGIN SELECT RAISE(ABORT, 'a final attempt never changes'); END;

CREATE TRIGGER only_unsent_is_dropped BEFORE UPDATE OF status ON attempts
WHEN NEW.status = 'dropped' AND OLD.status <> 'signed'
BEGIN SELECT RAISE(ABORT, 'only what was never sent may be dropped'); END;

CREATE TRIGGER nothing_is_forgotten BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END;
)sql";

}  // namespace plimsoll::bot
