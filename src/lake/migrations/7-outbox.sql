-- Receipts get numbers to name them by, the time of the next try, and more ends. Times are RFC 3339.
ALTER TABLE receipts RENAME TO receipts_before;
CREATE TABLE receipts (
    id         INTEGER PRIMARY KEY,
    pipeline   TEXT NOT NULL,
    period     TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'unknown', 'failed', 'expired', 'suppressed')),
    message_id TEXT NOT NULL,
    blake3     TEXT NOT NULL,
    reply      TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    first_at   TEXT NOT NULL, -- when it was first handed over: a letter is tried for a day from then
    next_at    TEXT,          -- when a deferred one is tried again
    changed_at TEXT NOT NULL,
    UNIQUE (pipeline, period, recipient, version)
) STRICT;
INSERT INTO receipts (pipeline, period, recipient, version, state, message_id, blake3, reply, attempts, first_at, changed_at)
    SELECT pipeline, period, recipient, version, state, message_id, blake3, reply, attempts, changed_at, changed_at
    FROM receipts_before ORDER BY changed_at, period, recipient;
DROP TABLE receipts_before;
-- Readers who get nothing: they asked for it, or their server says that there is no such mailbox.
CREATE TABLE suppressions (
    pipeline  TEXT NOT NULL,
    recipient TEXT NOT NULL, -- in lower case
    reason    TEXT NOT NULL,
    since     TEXT NOT NULL,
    PRIMARY KEY (pipeline, recipient)
) STRICT;
-- What the owner was told: the same fault at most once a day.
CREATE TABLE notices (
    pipeline TEXT NOT NULL,
    fault    TEXT NOT NULL,
    about    TEXT NOT NULL,
    day      TEXT NOT NULL,
    PRIMARY KEY (pipeline, fault, about, day)
) STRICT;
