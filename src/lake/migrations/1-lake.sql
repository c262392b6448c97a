-- A batch: the rows that one export brought in one run, visible all at once.
CREATE TABLE batches (
    id           INTEGER PRIMARY KEY,
    export       TEXT    NOT NULL,
    table_name   TEXT    NOT NULL,
    time_zone    TEXT    NOT NULL,
    committed_at INTEGER NOT NULL -- UTC milliseconds: knowledge time
);

-- The files of a batch: read = kept + replaced + rejected.
CREATE TABLE files (
    id       INTEGER PRIMARY KEY,
    batch    INTEGER NOT NULL REFERENCES batches (id),
    file     TEXT    NOT NULL,
    hash     TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    format   TEXT    NOT NULL,
    read     INTEGER NOT NULL,
    kept     INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    skipped  INTEGER NOT NULL
);
CREATE INDEX files_by_hash ON files (hash);

-- Parquet files; live from added_at until removed_at.
CREATE TABLE parts (
    id         INTEGER PRIMARY KEY,
    batch      INTEGER NOT NULL REFERENCES batches (id),
    table_name TEXT    NOT NULL,
    export     TEXT    NOT NULL,
    month      TEXT    NOT NULL,
    path       TEXT    NOT NULL UNIQUE,
    rows       INTEGER NOT NULL,
    min_day    INTEGER NOT NULL,
    max_day    INTEGER NOT NULL,
    added_at   INTEGER NOT NULL,
    removed_at INTEGER
);
CREATE INDEX parts_by_table ON parts (table_name, month);

-- Distinct combinations of what decides a session's channel; sessions carry the id.
CREATE TABLE origins (
    id            INTEGER PRIMARY KEY,
    traffic_type  TEXT NOT NULL,
    engine        TEXT NOT NULL,
    utm_source    TEXT NOT NULL,
    utm_medium    TEXT NOT NULL,
    utm_campaign  TEXT NOT NULL,
    referrer_host TEXT NOT NULL,
    UNIQUE (traffic_type, engine, utm_source, utm_medium, utm_campaign, referrer_host)
);

-- What ran, when and how it ended.
CREATE TABLE runs (
    id          INTEGER PRIMARY KEY,
    pipeline    TEXT    NOT NULL,
    command     TEXT    NOT NULL,
    period      TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    exit_code   INTEGER,
    outcome     TEXT    NOT NULL DEFAULT ''
);
