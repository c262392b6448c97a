-- The stages of a run: how long each took and what it went through.
CREATE TABLE run_stages (
    run        INTEGER NOT NULL REFERENCES runs (id),
    stage      TEXT    NOT NULL,
    wall_ms    INTEGER NOT NULL,
    files      INTEGER NOT NULL,
    rows       INTEGER NOT NULL,
    peak_bytes INTEGER -- of the whole process, up to the stage's end; absent where the system does not tell
) STRICT;
