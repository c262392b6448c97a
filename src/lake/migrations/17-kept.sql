-- Traffic of a period that was counted once: it stays what it is as long as it is made of the same parts and the same
-- channels of their origins. Nothing is lost when a row is.
CREATE TABLE kept_traffic (
    from_day INTEGER NOT NULL, -- days since 1970-01-01
    to_day   INTEGER NOT NULL,
    made_of  TEXT    NOT NULL, -- hash of the parts and of what was asked
    origins  INTEGER NOT NULL, -- the largest id of an origin in it
    channels INTEGER NOT NULL, -- hash of the channels of the origins up to that
    traffic  TEXT    NOT NULL, -- JSON
    PRIMARY KEY (from_day, to_day, made_of)
) STRICT;
