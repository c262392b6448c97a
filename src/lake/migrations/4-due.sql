-- When a file is to be read again, UTC milliseconds: the first of its rows that lay after the reading has come by then.
ALTER TABLE files ADD COLUMN due_at INTEGER;
