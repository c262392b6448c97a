-- What the owner says became of a check: the newest answer to a cause of a period counts.
CREATE TABLE answers (
    pipeline    TEXT NOT NULL,
    period      TEXT NOT NULL,
    cause       TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'not_the_cause', 'fixed')),
    note        TEXT NOT NULL,
    answered_at INTEGER NOT NULL
) STRICT;
