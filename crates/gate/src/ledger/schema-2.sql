-- Schema 2: a halt as it was signed, which a device that lost its memory gets again. Of those that the
-- gate took before, only the gate's own are still known so; the others stay without.
ALTER TABLE halt ADD COLUMN envelope BLOB;
UPDATE halt SET envelope = (SELECT o.envelope FROM outbox o WHERE o.digest = halt.digest AND o.kind = 'halt');
