-- Up to when replaced files were removed, UTC milliseconds: nothing can be known as of a time before the newest.
CREATE TABLE vacuums (
    vacuumed_to INTEGER NOT NULL
) STRICT;
