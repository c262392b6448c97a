-- Messages that came back and were read: each counts once, whatever was decided since.
CREATE TABLE incoming (
    pipeline TEXT NOT NULL,
    blake3   TEXT NOT NULL,
    read_at  TEXT NOT NULL,
    PRIMARY KEY (pipeline, blake3)
) STRICT;
