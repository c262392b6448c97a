-- How far the schedule of a pipeline has been looked at: UTC milliseconds.
CREATE TABLE schedules (
    pipeline TEXT    PRIMARY KEY,
    seen_to  INTEGER NOT NULL
) STRICT;
-- Digests that were or are due: a period is owed once. Times are UTC milliseconds.
CREATE TABLE occurrences (
    pipeline   TEXT    NOT NULL,
    period     TEXT    NOT NULL,
    due_at     INTEGER NOT NULL,
    opened_at  INTEGER NOT NULL, -- when it was first seen to be due: the wait for its data begins
    is_late    INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('due', 'waiting', 'done', 'unfit', 'failed', 'skipped')),
    reason     TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (pipeline, period)
) STRICT;
