-- A file as it lay on the disk when it was read: length, time of its last change and inode. Empty where that is not known.
ALTER TABLE files ADD COLUMN stamp TEXT;
