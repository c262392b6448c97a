-- Cells of a file that name nobody where a person was expected: rows by column and by what stands there.
CREATE TABLE nameless (
    id    INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batches (id),
    file  TEXT    NOT NULL,
    cell  TEXT    NOT NULL,
    found TEXT    NOT NULL CHECK (found IN ('placeholder', 'unreadable')),
    rows  INTEGER NOT NULL
);
