-- What was mailed to whom: a row per pipeline, period, recipient and version of the report.
CREATE TABLE outbox (
    pipeline   TEXT NOT NULL,
    period     TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    blake3     TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    queued_at  TEXT NOT NULL,
    PRIMARY KEY (pipeline, period, recipient, version)
) STRICT;
CREATE TABLE receipts (
    pipeline   TEXT NOT NULL,
    period     TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'failed')),
    message_id TEXT NOT NULL,
    blake3     TEXT NOT NULL,
    reply      TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (pipeline, period, recipient, version)
) STRICT;
