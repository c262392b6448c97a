-- The columns of each file as they were seen, as JSON: what is otherwise in the next file of the export is told.
CREATE TABLE seen (
    id      INTEGER PRIMARY KEY,
    batch   INTEGER NOT NULL REFERENCES batches (id),
    file    TEXT    NOT NULL,
    format  TEXT    NOT NULL,
    columns TEXT    NOT NULL
);
