-- What was remarked on a file while it was read, and may make its numbers other ones than were meant.
CREATE TABLE remarks (
    id    INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batches (id),
    file  TEXT    NOT NULL,
    text  TEXT    NOT NULL
);
