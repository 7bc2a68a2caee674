-- The gate's ledger, schema 1; later ones follow from it. Times are whole Unix seconds, digests 32 bytes.

CREATE TABLE meta (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    epoch   BLOB    NOT NULL,
    count   INTEGER NOT NULL,           -- burns, and changes that stop one; equals the anchor's
    seq     INTEGER NOT NULL,           -- of the last proposal or receipt
    highest INTEGER NOT NULL,           -- the highest time that the clock showed
    intent  BLOB                        -- the change about to be made, while the anchor moves on
) STRICT;

-- Roots after the first, which is a file and pinned.
CREATE TABLE root (
    version  INTEGER PRIMARY KEY,
    envelope BLOB NOT NULL
) STRICT;

CREATE TABLE proposal (
    number    INTEGER PRIMARY KEY,
    digest    BLOB    NOT NULL UNIQUE,
    id        TEXT    NOT NULL UNIQUE,
    epoch     BLOB    NOT NULL,
    nonce     BLOB    NOT NULL UNIQUE,
    agent     BLOB    NOT NULL,          -- JSON of how the agent is known
    key       TEXT,                      -- what the agent calls the request, so that asking twice is asking once
    request   BLOB    NOT NULL,
    payload   BLOB    NOT NULL,
    envelope  BLOB    NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    state     TEXT    NOT NULL,          -- open, acting, ended
    ending    TEXT,                      -- done, failed, released, unknown, or a refusal's code
    burned    INTEGER,
    approval  BLOB,                      -- digest of the decision that burned it
    amendment BLOB,
    receipt   BLOB,                      -- digest of the receipt's payload
    ended     INTEGER,
    UNIQUE (agent, key)
) STRICT;
CREATE INDEX proposal_state ON proposal (state);

-- Bytes that travel beside payloads, and those that a request needs to be made anew.
CREATE TABLE content (
    owner  INTEGER NOT NULL REFERENCES proposal (number),
    digest BLOB    NOT NULL,
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (owner, digest)
) STRICT;

CREATE TABLE decision (
    number   INTEGER PRIMARY KEY,
    digest   BLOB    NOT NULL UNIQUE,
    owner    INTEGER NOT NULL REFERENCES proposal (number),
    person   TEXT    NOT NULL,
    verdict  TEXT    NOT NULL,           -- approve, deny, request_changes
    comment  TEXT,
    envelope BLOB    NOT NULL,
    standing TEXT    NOT NULL,           -- counts, late
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_owner ON decision (owner);

-- What was refused. The latest thousand.
CREATE TABLE attempt (
    number   INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    digest   BLOB    NOT NULL,
    proposal BLOB,
    code     TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    UNIQUE (kind, digest, code)
) STRICT;

-- What may hold later: of an unknown key, under a newer root, too early.
CREATE TABLE kept (
    digest   BLOB    PRIMARY KEY,
    envelope BLOB    NOT NULL,
    code     TEXT    NOT NULL,
    until    INTEGER NOT NULL
) STRICT;

CREATE TABLE withdrawal (
    digest  BLOB    PRIMARY KEY,
    subject BLOB    NOT NULL,
    person  TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX withdrawal_subject ON withdrawal (subject);

CREATE TABLE halt (
    digest  BLOB    PRIMARY KEY,
    payload BLOB    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- A lift may come before the halt that it names.
CREATE TABLE lift (
    digest BLOB    PRIMARY KEY,
    halt   BLOB    NOT NULL,
    person TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE TABLE step (
    owner    INTEGER NOT NULL REFERENCES proposal (number),
    action   INTEGER NOT NULL,
    started  INTEGER NOT NULL,
    outcome  BLOB,                       -- JSON; absent until it finished
    PRIMARY KEY (owner, action)
) STRICT;

CREATE TABLE result (
    digest BLOB NOT NULL,
    owner  INTEGER NOT NULL REFERENCES proposal (number),
    path   TEXT NOT NULL,
    PRIMARY KEY (owner, digest)
) STRICT;

CREATE TABLE resolution (
    digest  BLOB    PRIMARY KEY,
    receipt BLOB    NOT NULL,
    person  TEXT    NOT NULL,
    found   TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
    number   INTEGER PRIMARY KEY,
    digest   BLOB    NOT NULL UNIQUE,
    kind     TEXT    NOT NULL,
    owner    INTEGER REFERENCES proposal (number),
    envelope BLOB    NOT NULL,
    acked    INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (number) WHERE acked IS NULL;

-- Devices that acknowledge, and the life of their stores.
CREATE TABLE device (
    name  TEXT PRIMARY KEY,
    epoch BLOB NOT NULL
) STRICT;
