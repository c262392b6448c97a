-- Of the rejected rows those that lie after the reading.
ALTER TABLE files ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
