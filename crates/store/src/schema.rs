//! Tables, and the steps from one version of them to the next.

use countersign_core::name::Epoch;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::Error;

/// One step for each version; a step that was released is never changed.
const STEPS: &[&str] = &[
    "
CREATE TABLE own (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16)
) STRICT;

CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    -- How the gate knows the agent, in the proposal's own words.
    agent TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    supersedes BLOB,
    -- How many people must sign.
    people INTEGER NOT NULL,
    received INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX proposal_supersedes ON proposal (supersedes) WHERE supersedes IS NOT NULL;

-- What travels beside a proposal; its bytes are in `blob` when they have come.
CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    proposal INTEGER NOT NULL REFERENCES proposal (id),
    digest BLOB NOT NULL,
    UNIQUE (proposal, digest)
) STRICT;
CREATE INDEX content_digest ON content (digest);

CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    bytes BLOB NOT NULL
) STRICT;

-- Every number that a gate gave out in one life of its ledger, and for what.
CREATE TABLE seq (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (gate, epoch, seq)
) STRICT;

CREATE TABLE gate (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- The one that it announced last.
    epoch BLOB NOT NULL
) STRICT;

CREATE TABLE gate_epoch (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    UNIQUE (gate, epoch)
) STRICT;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'deny', 'request_changes')),
    person TEXT NOT NULL,
    comment TEXT,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (subject, sequence)
) STRICT;

-- `subject` may name what is not here yet.
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    by_gate INTEGER NOT NULL CHECK (by_gate IN (0, 1)),
    gate TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX withdrawal_subject ON withdrawal (subject);

CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    gate TEXT NOT NULL,
    seq INTEGER NOT NULL,
    burned INTEGER,
    at INTEGER NOT NULL,
    -- What it amounts to, as the reviewer read it.
    outcome TEXT NOT NULL,
    received INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX receipt_subject ON receipt (subject);

CREATE TABLE resolution (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    receipt BLOB NOT NULL UNIQUE,
    ran INTEGER NOT NULL CHECK (ran IN (0, 1)),
    person TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE halt (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    envelope BLOB NOT NULL
) STRICT;

CREATE TABLE lift (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    halt BLOB NOT NULL
) STRICT;
CREATE INDEX lift_halt ON lift (halt);

-- What was signed here. Kept after it was acknowledged: a gate that lost its memory gets it again.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The proposal that it is about, if any.
    about BLOB,
    created INTEGER NOT NULL,
    acknowledged INTEGER,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (gate) WHERE acknowledged IS NULL;

CREATE TABLE ack_due (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (gate, digest)
) STRICT;

-- By the digest of the raw bytes: whatever is wrong with them, these they were.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    name TEXT NOT NULL,
    cause TEXT NOT NULL,
    why TEXT NOT NULL,
    uid INTEGER,
    size INTEGER NOT NULL,
    raw BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT;

CREATE TABLE shown (
    id INTEGER PRIMARY KEY,
    proposal BLOB NOT NULL,
    sheet BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_proposal ON shown (proposal);
",
    "
-- What is signed once may go to several gates.
CREATE TABLE outbox_2 (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The proposal that it is about, if any.
    about BLOB,
    created INTEGER NOT NULL,
    acknowledged INTEGER,
    envelope BLOB NOT NULL,
    UNIQUE (digest, gate)
) STRICT;
INSERT INTO outbox_2 SELECT id, digest, gate, kind, about, created, acknowledged, envelope FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_2 RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (id) WHERE acknowledged IS NULL;
CREATE INDEX outbox_found ON outbox (about) WHERE kind = 'resolution';

-- A row for each gate that a halt is for.
CREATE TABLE halt_2 (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    -- Signed here; else the gate halted itself.
    own INTEGER NOT NULL CHECK (own IN (0, 1)),
    -- As in the halt: JSON.
    scope TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    envelope BLOB NOT NULL,
    UNIQUE (digest, gate)
) STRICT;
INSERT INTO halt_2
    SELECT id, digest, gate, 0, json_object('kind', 'gate', 'gate', gate), at, reason, envelope FROM halt;
DROP TABLE halt;
ALTER TABLE halt_2 RENAME TO halt;

-- Proposals that a halt made void, and which one did first.
CREATE TABLE voided (
    proposal INTEGER PRIMARY KEY REFERENCES proposal (id),
    halt BLOB NOT NULL CHECK (length(halt) = 32)
) STRICT;
CREATE INDEX voided_halt ON voided (halt);

-- Out of the queue until then. Signed by nobody, weakens nothing.
CREATE TABLE snooze (
    proposal INTEGER PRIMARY KEY REFERENCES proposal (id),
    until INTEGER NOT NULL,
    made INTEGER NOT NULL
) STRICT;

CREATE INDEX proposal_agent ON proposal (gate, agent, created);

-- Whether its bytes are in `blob`.
ALTER TABLE content ADD COLUMN here INTEGER NOT NULL DEFAULT 0;
UPDATE content SET here = EXISTS (SELECT 1 FROM blob b WHERE b.digest = content.digest);
CREATE INDEX content_missing ON content (digest) WHERE here = 0;

-- What follows from the facts and the time, kept to find proposals by. It is computed anew for all
-- that is in `stale`, which the triggers below fill whenever a fact changes.
CREATE TABLE item (
    -- The proposal's.
    id INTEGER PRIMARY KEY REFERENCES proposal (id),
    section TEXT NOT NULL,
    -- In its section the highest comes first.
    rank INTEGER NOT NULL,
    -- When time changes something about it.
    due INTEGER,
    -- Since when it is over by nothing but time.
    lapsed INTEGER,
    -- approved, denied
    answered TEXT,
    -- failed, expired
    ended TEXT,
    -- Where it is in its life: JSON, empty when that is not computed yet.
    state TEXT NOT NULL,
    -- What a list shows of it, as the version of the code that made it does; 0 is nothing.
    kind TEXT,
    shown TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX item_section ON item (section, rank);
CREATE INDEX item_due ON item (due) WHERE due IS NOT NULL;
CREATE INDEX item_lapsed ON item (lapsed) WHERE lapsed IS NOT NULL;
CREATE INDEX item_answered ON item (answered) WHERE answered IS NOT NULL;
CREATE INDEX item_ended ON item (ended) WHERE ended IS NOT NULL;
CREATE INDEX item_version ON item (version);

CREATE TABLE tally (
    section TEXT PRIMARY KEY,
    items INTEGER NOT NULL
) STRICT;

CREATE TABLE stale (
    -- The proposal's.
    id INTEGER PRIMARY KEY
) STRICT;

-- Everything ever seen, in the order in which it came.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    proposal INTEGER UNIQUE REFERENCES proposal (id),
    evidence INTEGER UNIQUE,
    -- Whether `texts` and `words` hold its texts: 0 not (or not all of today's), 1 all, 2 the beginning.
    indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1, 2)),
    -- How often there was more to index, so that what comes while it is indexed is not lost.
    changes INTEGER NOT NULL DEFAULT 0,
    CHECK ((proposal IS NULL) <> (evidence IS NULL))
) STRICT;
CREATE INDEX entry_todo ON entry (id) WHERE indexed = 0;
CREATE INDEX entry_partly ON entry (id) WHERE indexed = 2;

-- What is searched, by entry; framed by `search.rs`.
CREATE TABLE texts (
    entry INTEGER PRIMARY KEY REFERENCES entry (id),
    framed BLOB NOT NULL
) STRICT;

-- Which three characters in a row occur in which entry (by rowid). Texts are folded before they come here.
CREATE VIRTUAL TABLE words USING fts5
    (text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram case_sensitive 1');

CREATE TRIGGER item_added AFTER INSERT ON item BEGIN
    INSERT INTO tally (section, items) VALUES (new.section, 1)
        ON CONFLICT (section) DO UPDATE SET items = items + 1;
END;
CREATE TRIGGER item_moved AFTER UPDATE OF section ON item WHEN old.section <> new.section BEGIN
    UPDATE tally SET items = items - 1 WHERE section = old.section;
    INSERT INTO tally (section, items) VALUES (new.section, 1)
        ON CONFLICT (section) DO UPDATE SET items = items + 1;
END;

CREATE TRIGGER proposal_added AFTER INSERT ON proposal BEGIN
    INSERT INTO item (id, section, rank, state, version) VALUES (new.id, 'waiting', -new.expires, '', 0);
    INSERT INTO entry (proposal) VALUES (new.id);
    INSERT INTO stale SELECT new.id WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO stale SELECT id FROM proposal WHERE digest = new.supersedes ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER evidence_added AFTER INSERT ON evidence BEGIN
    INSERT INTO entry (evidence) VALUES (new.id);
END;
CREATE TRIGGER blob_added AFTER INSERT ON blob BEGIN
    UPDATE content SET here = 1 WHERE digest = new.digest AND here = 0;
END;
CREATE TRIGGER content_came AFTER UPDATE OF here ON content BEGIN
    INSERT INTO stale SELECT new.proposal WHERE true ON CONFLICT DO NOTHING;
    UPDATE entry SET indexed = 0, changes = changes + 1 WHERE proposal = new.proposal;
END;
CREATE TRIGGER decision_added AFTER INSERT ON decision BEGIN
    INSERT INTO stale SELECT id FROM proposal WHERE digest = new.subject ON CONFLICT DO NOTHING;
    UPDATE entry SET indexed = 0, changes = changes + 1
        WHERE proposal = (SELECT id FROM proposal WHERE digest = new.subject);
END;
CREATE TRIGGER withdrawal_added AFTER INSERT ON withdrawal BEGIN
    INSERT INTO stale SELECT id FROM proposal WHERE digest = new.subject ON CONFLICT DO NOTHING;
    INSERT INTO stale SELECT p.id FROM decision d JOIN proposal p ON p.digest = d.subject
        WHERE d.digest = new.subject ON CONFLICT DO NOTHING;
    UPDATE entry SET indexed = 0, changes = changes + 1
        WHERE proposal = (SELECT id FROM proposal WHERE digest = new.subject);
END;
CREATE TRIGGER receipt_added AFTER INSERT ON receipt BEGIN
    INSERT INTO stale SELECT id FROM proposal WHERE digest = new.subject ON CONFLICT DO NOTHING;
    UPDATE entry SET indexed = 0, changes = changes + 1
        WHERE proposal = (SELECT id FROM proposal WHERE digest = new.subject);
END;
CREATE TRIGGER resolution_added AFTER INSERT ON resolution BEGIN
    INSERT INTO stale SELECT p.id FROM receipt r JOIN proposal p ON p.digest = r.subject
        WHERE r.digest = new.receipt ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER resolution_out AFTER INSERT ON outbox WHEN new.kind = 'resolution' BEGIN
    UPDATE entry SET indexed = 0, changes = changes + 1
        WHERE proposal = (SELECT id FROM proposal WHERE digest = new.about);
END;
CREATE TRIGGER outbox_acknowledged AFTER UPDATE OF acknowledged ON outbox WHEN new.about IS NOT NULL BEGIN
    INSERT INTO stale SELECT id FROM proposal WHERE digest = new.about ON CONFLICT DO NOTHING;
END;
-- A receipt has the last word, whatever life its gate is in.
CREATE TRIGGER gate_added AFTER INSERT ON gate BEGIN
    INSERT INTO stale SELECT p.id FROM proposal p WHERE p.gate = new.name
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.gate = p.gate)
        ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER gate_changed AFTER UPDATE OF epoch ON gate BEGIN
    INSERT INTO stale SELECT p.id FROM proposal p WHERE p.gate = new.name
        AND p.epoch IN (old.epoch, new.epoch)
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.gate = p.gate)
        ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER voided_added AFTER INSERT ON voided BEGIN
    INSERT INTO stale SELECT new.proposal WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER snooze_added AFTER INSERT ON snooze BEGIN
    INSERT INTO stale SELECT new.proposal WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER snooze_changed AFTER UPDATE ON snooze BEGIN
    INSERT INTO stale SELECT new.proposal WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER snooze_removed AFTER DELETE ON snooze BEGIN
    INSERT INTO stale SELECT old.proposal WHERE true ON CONFLICT DO NOTHING;
END;

INSERT INTO item (id, section, rank, state, version) SELECT id, 'waiting', -expires, '', 0 FROM proposal;
INSERT INTO stale SELECT id FROM proposal;
INSERT INTO entry (proposal, evidence) SELECT p, e FROM (
    SELECT id AS p, NULL AS e, received FROM proposal UNION ALL SELECT NULL, id, received FROM evidence
) ORDER BY received, p IS NULL, coalesce(p, e);
",
    "
-- What came from each agent, as its gate tells it from others. Counted by the triggers below.
CREATE TABLE agent (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    -- As in `proposal`.
    agent TEXT NOT NULL,
    proposed INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    -- The proposal that was made last; it has the name that the gate gives to the agent.
    newest INTEGER NOT NULL REFERENCES proposal (id),
    waiting INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    denied INTEGER NOT NULL,
    UNIQUE (gate, agent)
) STRICT;

CREATE TABLE agent_kind (
    id INTEGER PRIMARY KEY,
    agent INTEGER NOT NULL REFERENCES agent (id),
    kind TEXT NOT NULL,
    items INTEGER NOT NULL,
    UNIQUE (agent, kind)
) STRICT;

INSERT INTO agent (gate, agent, proposed, first, last, newest, waiting, approved, denied)
    SELECT p.gate, p.agent, count(*), min(p.created), max(p.created), max(p.id),
        sum(i.section = 'waiting'), sum(i.answered IS 'approved'), sum(i.answered IS 'denied')
    FROM proposal p JOIN item i ON i.id = p.id GROUP BY p.gate, p.agent;
INSERT INTO agent_kind (agent, kind, items)
    SELECT a.id, i.kind, count(*) FROM item i JOIN proposal p ON p.id = i.id
        JOIN agent a ON a.gate = p.gate AND a.agent = p.agent
    WHERE i.kind IS NOT NULL GROUP BY a.id, i.kind;

-- An item begins in `waiting`, unanswered and without a kind.
CREATE TRIGGER proposal_counted AFTER INSERT ON proposal BEGIN
    INSERT INTO agent (gate, agent, proposed, first, last, newest, waiting, approved, denied)
        VALUES (new.gate, new.agent, 1, new.created, new.created, new.id, 1, 0, 0)
        ON CONFLICT (gate, agent) DO UPDATE SET
            proposed = proposed + 1,
            waiting = waiting + 1,
            first = min(first, excluded.first),
            newest = CASE WHEN excluded.last >= last THEN excluded.newest ELSE newest END,
            last = max(last, excluded.last);
END;
CREATE TRIGGER item_counted AFTER UPDATE OF section, answered ON item
    WHEN old.section IS NOT new.section OR old.answered IS NOT new.answered BEGIN
    UPDATE agent SET
        waiting = waiting + (new.section = 'waiting') - (old.section = 'waiting'),
        approved = approved + (new.answered IS 'approved') - (old.answered IS 'approved'),
        denied = denied + (new.answered IS 'denied') - (old.answered IS 'denied')
        WHERE (gate, agent) = (SELECT p.gate, p.agent FROM proposal p WHERE p.id = new.id);
END;
CREATE TRIGGER kind_counted AFTER UPDATE OF kind ON item WHEN old.kind IS NOT new.kind BEGIN
    UPDATE agent_kind SET items = items - 1 WHERE kind = old.kind AND agent =
        (SELECT a.id FROM proposal p JOIN agent a ON a.gate = p.gate AND a.agent = p.agent WHERE p.id = new.id);
    INSERT INTO agent_kind (agent, kind, items)
        SELECT a.id, new.kind, 1 FROM proposal p JOIN agent a ON a.gate = p.gate AND a.agent = p.agent
        WHERE p.id = new.id AND new.kind IS NOT NULL
        ON CONFLICT (agent, kind) DO UPDATE SET items = items + 1;
END;
",
    "
-- Who signed a halt that came from another device: the person, and the device's name.
ALTER TABLE halt ADD COLUMN person TEXT;
ALTER TABLE halt ADD COLUMN device TEXT;
",
    "
-- What a decision is about where that is not the proposal as it came: what a person changed in it.
CREATE TABLE amendment (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    decision BLOB NOT NULL UNIQUE REFERENCES decision (digest),
    payload BLOB NOT NULL
) STRICT;

-- The amendment that was acted on.
ALTER TABLE receipt ADD COLUMN amendment BLOB;

-- What was acted on where anything was, else what an approval that was not taken back is about.
CREATE VIEW standing_amendment AS
    SELECT d.subject AS proposal, a.id, a.digest, a.payload FROM decision d JOIN amendment a ON a.decision = d.digest
    WHERE CASE WHEN EXISTS (SELECT 1 FROM receipt r WHERE r.subject = d.subject AND r.burned IS NOT NULL)
        THEN EXISTS (SELECT 1 FROM receipt r WHERE r.subject = d.subject AND r.amendment = a.digest)
        ELSE NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.subject = d.digest AND w.by_gate = 0) END;
",
    "
-- How often a batch may be used, and which of its uses a receipt is about. One without is about the whole.
ALTER TABLE proposal ADD COLUMN uses INTEGER;
ALTER TABLE receipt ADD COLUMN used INTEGER;

-- A receipt of the whole has the last word, whatever life its gate is in.
DROP TRIGGER gate_added;
CREATE TRIGGER gate_added AFTER INSERT ON gate BEGIN
    INSERT INTO stale SELECT p.id FROM proposal p WHERE p.gate = new.name
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.gate = p.gate AND r.used IS NULL)
        ON CONFLICT DO NOTHING;
END;
DROP TRIGGER gate_changed;
CREATE TRIGGER gate_changed AFTER UPDATE OF epoch ON gate BEGIN
    INSERT INTO stale SELECT p.id FROM proposal p WHERE p.gate = new.name
        AND p.epoch IN (old.epoch, new.epoch)
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.gate = p.gate AND r.used IS NULL)
        ON CONFLICT DO NOTHING;
END;
",
    "
-- It names decisions on which it rests, and none of them was given here.
ALTER TABLE receipt ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0 CHECK (elsewhere IN (0, 1));
INSERT INTO stale SELECT id FROM proposal WHERE uses IS NOT NULL ON CONFLICT DO NOTHING;
",
    "
-- What is searched has no secrets from here on. What had them is indexed anew.
INSERT INTO words (words) VALUES ('delete-all');
DELETE FROM texts;
UPDATE entry SET indexed = 0, changes = changes + 1;
",
    "
-- What a person said of findings. No text of any is here: `here` is made with a key that is kept elsewhere.
CREATE TABLE no_secret (
    id INTEGER PRIMARY KEY,
    here BLOB NOT NULL UNIQUE CHECK (length(here) = 32),
    gate TEXT NOT NULL,
    target BLOB NOT NULL,
    what TEXT NOT NULL,
    characters INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE usefulness (
    id INTEGER PRIMARY KEY,
    -- Of its identity: what is said twice of one finding is said once.
    finding BLOB NOT NULL UNIQUE CHECK (length(finding) = 32),
    rule TEXT NOT NULL,
    useful INTEGER NOT NULL CHECK (useful IN (0, 1)),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX usefulness_rule ON usefulness (rule);

CREATE TABLE demoted (
    rule TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
",
];

/// The version that this code reads and writes.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// Brings the database to the present version, and returns its epoch, drawing one when it is new.
pub(crate) fn prepare(connection: &mut Connection) -> Result<Epoch, Error> {
    let version = |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    let found: i64 = version(connection)?;
    // Before anything is set: a newer database is not touched.
    if found > VERSION {
        return Err(Error::Newer { found, known: VERSION });
    }
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = usize::try_from(version(&step)?).map_err(|_| Error::Damaged("its version".to_owned()))?;
    for sql in STEPS.iter().skip(from) {
        step.execute_batch(sql)?;
    }
    step.pragma_update(None, "user_version", VERSION)?;
    let epoch = own_epoch(&step)?;
    step.commit()?;
    Ok(epoch)
}

fn own_epoch(connection: &Connection) -> Result<Epoch, Error> {
    let kept =
        connection.query_row("SELECT epoch FROM own", [], |row| row.get::<_, [u8; 16]>(0)).optional()?;
    if let Some(kept) = kept {
        return Ok(Epoch::from_bytes(kept));
    }
    let mut drawn = [0; 16];
    getrandom::fill(&mut drawn).map_err(|error| Error::File(std::io::Error::other(error)))?;
    connection.execute("INSERT INTO own (id, epoch) VALUES (1, ?1)", [drawn])?;
    Ok(Epoch::from_bytes(drawn))
}

#[cfg(test)]
mod tests;
