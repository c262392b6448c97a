-- What the report of a run knew of the lake: UTC milliseconds, absent while its readers were given none.
ALTER TABLE runs ADD COLUMN known_at INTEGER;
