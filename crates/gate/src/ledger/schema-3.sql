-- Schema 3: bounded batches. How often one may be used, and its uses, each of which is burned by itself. What was
-- begun of a use stands in `step`, under the number of its entry.
ALTER TABLE proposal ADD COLUMN uses INTEGER;
CREATE TABLE used (
    owner    INTEGER NOT NULL REFERENCES proposal (number),
    entry    INTEGER NOT NULL,           -- of the list, from 0
    number   INTEGER NOT NULL,           -- of the use, from 1
    burned   INTEGER NOT NULL,
    approval BLOB,                       -- digest of the decision; absent when a crash cut the burn short
    ending   TEXT,
    receipt  BLOB,
    PRIMARY KEY (owner, entry),
    UNIQUE (owner, number)
) STRICT;
CREATE INDEX used_acting ON used (owner) WHERE ending IS NULL;
