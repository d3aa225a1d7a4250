-- Requests to a model say what they are about, and every call is accounted for.

ALTER TABLE memories ADD COLUMN slot TEXT; -- the slot that it fills, as JSON

-- What a request was built for, whose words it carries, and how its reply came to an end.
ALTER TABLE asks ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE asks ADD COLUMN session TEXT;
ALTER TABLE asks ADD COLUMN ended TEXT;
-- A request used to be a text and is an object now.
UPDATE asks SET request = json_object('system', '', 'user', request, 'max_output_tokens', 0), ended = CASE WHEN reply IS NULL THEN NULL ELSE 'whole' END;

-- Every call to a model: what was set aside for it, where it went, and what it came to.
CREATE TABLE calls (
    tenant        TEXT NOT NULL,
    id            INTEGER NOT NULL,
    owner         TEXT NOT NULL,
    ask           TEXT NOT NULL,
    run           INTEGER,
    session       TEXT,
    host          TEXT NOT NULL,
    model         TEXT NOT NULL,
    at            INTEGER NOT NULL,
    tokens        INTEGER NOT NULL, -- what counts against the budgets: set aside first, then spent
    input_tokens  INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    price_in      INTEGER NOT NULL DEFAULT 0, -- the prices of its day, in cents for a million tokens
    price_out     INTEGER NOT NULL DEFAULT 0,
    ended         TEXT, -- answered, broken, unsent; NULL while it is under way
    why           TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX calls_at ON calls (tenant, owner, at);
CREATE INDEX calls_session ON calls (tenant, owner, session);
CREATE INDEX calls_run ON calls (tenant, run);
CREATE INDEX calls_ask ON calls (tenant, ask);

PRAGMA user_version = 2;
