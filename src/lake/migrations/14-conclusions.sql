-- What the digest of a letter concluded: a new version of it is mailed when it concludes something else.
ALTER TABLE receipts ADD COLUMN conclusion TEXT NOT NULL DEFAULT '';
