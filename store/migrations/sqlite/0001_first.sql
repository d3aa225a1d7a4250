-- The first schema. It is never edited: what changes comes with the next number.

-- 'dorm': tells our file from any other program's.
PRAGMA application_id = 0x646f726d;

-- Who is known under which names.
CREATE TABLE projects (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    merged_into TEXT, -- the project that it turned out to be; that one is never merged itself
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE project_aliases (
    tenant  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    project TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, value),
    FOREIGN KEY (tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX project_aliases_project ON project_aliases (tenant, project);

-- Paths and projects of which nothing is read. An owner's own.
CREATE TABLE exclusions (
    tenant TEXT NOT NULL,
    owner  TEXT NOT NULL,
    kind   TEXT NOT NULL, -- path, project
    value  TEXT NOT NULL,
    PRIMARY KEY (tenant, owner, kind, value)
) STRICT;

-- Files that are read, each with its cursor. Two owners may have different files at one path.
CREATE TABLE sources (
    tenant       TEXT NOT NULL,
    owner        TEXT NOT NULL,
    id           TEXT NOT NULL,
    path         TEXT NOT NULL,
    format       TEXT NOT NULL,
    cursor_bytes INTEGER NOT NULL DEFAULT 0,
    cursor_last  TEXT,
    cursor_head  TEXT,
    cursor_carry TEXT,
    PRIMARY KEY (tenant, owner, id)
) STRICT;

CREATE TABLE sessions (
    tenant     TEXT NOT NULL,
    id         TEXT NOT NULL,
    owner      TEXT NOT NULL,
    agent      TEXT NOT NULL,
    project    TEXT,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX sessions_owner ON sessions (tenant, owner, started_at);

-- The archive: what was said, word for word.
CREATE TABLE turns (
    tenant    TEXT NOT NULL,
    id        TEXT NOT NULL,
    owner     TEXT NOT NULL,
    session   TEXT NOT NULL, -- where it was first read
    project   TEXT,          -- of its working directory
    at        INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    cwd       TEXT,
    branch    TEXT,
    sidechain TEXT,
    parent    TEXT,
    speaker   TEXT,
    body      BLOB NOT NULL, -- a codec byte, then the parts
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX turns_session ON turns (tenant, session);
CREATE INDEX turns_at ON turns (tenant, at);
CREATE INDEX turns_project ON turns (tenant, project);

-- Which sessions contain a turn: forks and copies share it.
CREATE TABLE session_turns (
    tenant   TEXT NOT NULL,
    session  TEXT NOT NULL,
    turn     TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant, session, turn),
    FOREIGN KEY (tenant, turn) REFERENCES turns (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_turns_position ON session_turns (tenant, session, position);
-- With the position, so that no plan prefers to go through the index above for it.
CREATE INDEX session_turns_turn ON session_turns (tenant, turn, position);

CREATE TABLE episodes (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    owner        TEXT NOT NULL,
    session      TEXT NOT NULL,
    project      TEXT,
    cwd          TEXT,
    branch       TEXT,
    started_at   INTEGER NOT NULL,
    cut_by       INTEGER NOT NULL, -- the run that cut it
    extracted_by INTEGER,          -- the run that last looked for lessons in it
    barred_by    INTEGER,          -- the undo after which nobody shall look again
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX episodes_session ON episodes (tenant, session);
CREATE INDEX episodes_cut_by ON episodes (tenant, cut_by);
CREATE INDEX episodes_extracted_by ON episodes (tenant, extracted_by);

CREATE TABLE episode_turns (
    tenant  TEXT NOT NULL,
    episode TEXT NOT NULL,
    turn    TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (tenant, episode, turn),
    FOREIGN KEY (tenant, episode) REFERENCES episodes (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_turns_turn ON episode_turns (tenant, turn);

-- Requests to a model, frozen when first built, each with its reply.
CREATE TABLE asks (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    owner         TEXT NOT NULL,
    prompt        TEXT NOT NULL,
    model         TEXT NOT NULL,
    request       TEXT NOT NULL,
    asked_at      INTEGER NOT NULL,
    reply         TEXT,
    answered_at   INTEGER,
    input_tokens  INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE memories (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    owner       TEXT NOT NULL,
    project     TEXT,
    kind        TEXT NOT NULL,
    scope       TEXT NOT NULL,
    what        TEXT NOT NULL,
    when_       TEXT,
    do_         TEXT,
    warn        TEXT,
    domain      TEXT NOT NULL,
    tags        TEXT NOT NULL, -- a JSON array
    asserted_by TEXT NOT NULL,
    pinned      INTEGER NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_to    INTEGER,
    recorded_at INTEGER NOT NULL,
    retired_at  INTEGER,
    seen_at     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    run         INTEGER NOT NULL, -- the run that last wrote the row
    fingerprint TEXT NOT NULL,  -- derived from the lesson
    standing    TEXT NOT NULL,  -- derived from the links, in the transaction that writes them
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX memories_fingerprint ON memories (tenant, fingerprint);
CREATE INDEX memories_project ON memories (tenant, project, standing, recorded_at);
CREATE INDEX memories_standing ON memories (tenant, standing, recorded_at);
CREATE INDEX memories_recorded_at ON memories (tenant, recorded_at, id);

CREATE TABLE evidence (
    tenant  TEXT NOT NULL,
    id      TEXT NOT NULL,
    memory  TEXT NOT NULL,
    session TEXT NOT NULL,
    turn    TEXT NOT NULL,
    quote   TEXT NOT NULL,
    said_by TEXT NOT NULL,
    at      INTEGER NOT NULL,
    branch  TEXT,
    run     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, memory) REFERENCES memories (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX evidence_memory ON evidence (tenant, memory, at);
CREATE INDEX evidence_turn ON evidence (tenant, turn);
CREATE INDEX evidence_session ON evidence (tenant, session);

CREATE TABLE beliefs (
    tenant  TEXT NOT NULL,
    id      TEXT NOT NULL,
    memory  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    session TEXT,
    reason  TEXT NOT NULL,
    weight  INTEGER NOT NULL,
    run     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, memory) REFERENCES memories (tenant, id) ON DELETE CASCADE
) STRICT;
-- With the weight, so that a belief is summed without a look at the rows.
CREATE INDEX beliefs_memory ON beliefs (tenant, memory, at, weight);

CREATE TABLE links (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    from_memory TEXT NOT NULL,
    to_memory   TEXT,
    kind        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    ended_at    INTEGER,
    why         TEXT NOT NULL,
    run         INTEGER NOT NULL, -- the run that last wrote the row
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, from_memory) REFERENCES memories (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX links_from ON links (tenant, from_memory);
CREATE INDEX links_to ON links (tenant, to_memory);

-- Every state that a memory's row ever had. No foreign key: history outlives what an undo removes.
CREATE TABLE revisions (
    tenant   TEXT NOT NULL,
    memory   TEXT NOT NULL,
    number   INTEGER NOT NULL, -- counts the entries, and never goes back
    revision INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    run      INTEGER NOT NULL,
    verb     TEXT NOT NULL,
    body     TEXT, -- the memory as JSON; nothing where an undo removed the row
    PRIMARY KEY (tenant, memory, number)
) STRICT;

CREATE TABLE runs (
    tenant     TEXT NOT NULL,
    id         INTEGER NOT NULL,
    verb       TEXT NOT NULL,
    owner      TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    wrote_at   INTEGER,
    undoes     INTEGER, -- the run that this one takes back
    undone_by  INTEGER, -- the run that took this one back
    entries    INTEGER NOT NULL DEFAULT 0, -- how many entries it wrote into the journal, pruned or not
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE jobs (
    tenant       TEXT NOT NULL,
    id           INTEGER NOT NULL,
    run          INTEGER NOT NULL,
    owner        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    lane         TEXT NOT NULL,
    body         TEXT NOT NULL, -- the job as JSON
    due_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    claim        INTEGER NOT NULL DEFAULT 0, -- counts the claims, to fence off who held it before
    leased_until INTEGER, -- set while claimed
    parked       INTEGER NOT NULL DEFAULT FALSE, -- waits for a person
    waits_on     TEXT,  -- what outside thing it waits for
    why          TEXT,  -- the last failure
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, run) REFERENCES runs (tenant, id)
) STRICT;
-- The same job waits once.
CREATE UNIQUE INDEX jobs_waiting ON jobs (tenant, owner, body)
    WHERE leased_until IS NULL AND NOT parked;
CREATE INDEX jobs_due ON jobs (tenant, owner, due_at);
CREATE INDEX jobs_lane ON jobs (tenant, lane);
CREATE INDEX jobs_run ON jobs (tenant, run);

-- What each run did to memories, evidence, beliefs and links, so that it can be taken back.
CREATE TABLE journal (
    tenant TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    run    INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    what   TEXT NOT NULL, -- memory, evidence, belief, link, session, episode, turn, alias, project
    id     TEXT NOT NULL,
    memory TEXT,          -- the memory that the row belongs to
    other  TEXT,          -- the memory at a link's far end
    was    TEXT,          -- the row as JSON before the change; nothing where there was none
    PRIMARY KEY (tenant, seq),
    FOREIGN KEY (tenant, run) REFERENCES runs (tenant, id)
) STRICT;
CREATE INDEX journal_run ON journal (tenant, run);
CREATE INDEX journal_row ON journal (tenant, what, id);
CREATE INDEX journal_memory ON journal (tenant, memory);
CREATE INDEX journal_other ON journal (tenant, other);

-- What was purged, by name alone: reading its source again restores nothing.
CREATE TABLE tombstones (
    tenant TEXT NOT NULL,
    kind   TEXT NOT NULL, -- turn, memory, evidence, ask, lesson (the fingerprint of its words)
    id     TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;

-- The last number given out, by tenant and by what it numbers.
CREATE TABLE counters (
    tenant TEXT NOT NULL,
    name   TEXT NOT NULL, -- run, job, journal
    value  INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- What the text index holds, one row a document. The words themselves lie in the engine's own index,
-- under the same number.
CREATE TABLE docs (
    docid   INTEGER PRIMARY KEY,
    tenant  TEXT NOT NULL,
    kind    TEXT NOT NULL, -- memory, turn
    id      TEXT NOT NULL,
    owner   TEXT NOT NULL, -- who alone may find it; empty: everybody of the tenant
    project TEXT NOT NULL, -- empty: none
    held    INTEGER NOT NULL, -- whether we hold it today
    tokens  INTEGER NOT NULL,
    UNIQUE (tenant, kind, id)
) STRICT;

-- How many documents and tokens stand in one place, so that no search has to count them.
CREATE TABLE tallies (
    tenant    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    owner     TEXT NOT NULL,
    project   TEXT NOT NULL,
    held      INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    tokens    INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, owner, project, held)
) STRICT, WITHOUT ROWID;

-- The engine's own index. It keeps no text: rows are the truth, and the words are ours, already split.
CREATE VIRTUAL TABLE memory_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = 'none', tokenize = "ascii tokenchars '_'"
);
CREATE VIRTUAL TABLE turn_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = 'none', tokenize = "ascii tokenchars '_'"
);

PRAGMA user_version = 1;
