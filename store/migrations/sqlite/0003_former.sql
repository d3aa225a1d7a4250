-- What no longer stands, so that history can still tell of it and a look back can still see it.

-- Every quote, belief event and link that was changed or taken back, as it stood until then. Unlike the
-- journal it is never pruned. What an undo brings back has an entry without a body: until then there
-- was no such row.
CREATE TABLE former (
    tenant     TEXT NOT NULL,
    number     INTEGER NOT NULL, -- of the journal's entry
    what       TEXT NOT NULL,    -- evidence, belief, link
    id         TEXT NOT NULL,
    memory     TEXT NOT NULL,
    other      TEXT,             -- the memory at a link's far end
    until      INTEGER NOT NULL, -- it stood so until then
    run        INTEGER NOT NULL, -- the run that changed it
    writer     INTEGER,          -- the run that had written it
    kind       TEXT,             -- of a link
    linked_at  INTEGER,
    ended_at   INTEGER,
    body       TEXT,             -- the row as JSON
    PRIMARY KEY (tenant, number)
) STRICT;
CREATE INDEX former_memory ON former (tenant, memory, id);
CREATE INDEX former_other ON former (tenant, other);

-- The journal tells it as far back as it reaches.
INSERT INTO former (tenant, number, what, id, memory, other, until, run, writer, kind, linked_at, ended_at, body)
SELECT j.tenant, j.seq, j.what, j.id, j.memory, j.other, j.at, j.run,
    j.was ->> ('$.' || j.what || '.run'),
    j.was ->> '$.link.link.kind',
    CAST(ROUND(unixepoch(j.was ->> '$.link.link.at', 'subsec') * 1000) AS INTEGER),
    CAST(ROUND(unixepoch(j.was ->> '$.link.link.ended_at', 'subsec') * 1000) AS INTEGER),
    j.was
FROM journal AS j JOIN runs AS r ON r.tenant = j.tenant AND r.id = j.run
WHERE j.what IN ('evidence', 'belief', 'link') AND (j.was IS NOT NULL OR r.undoes IS NOT NULL);

-- A revision is never used twice; until now an undo went back to an earlier one.
UPDATE memories SET revision =
    (SELECT MAX(r.revision) FROM revisions AS r WHERE r.tenant = memories.tenant AND r.memory = memories.id)
WHERE revision <
    (SELECT MAX(r.revision) FROM revisions AS r WHERE r.tenant = memories.tenant AND r.memory = memories.id);

PRAGMA user_version = 3;
