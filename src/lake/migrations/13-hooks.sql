-- Digests that were told to the pipeline's own program and chat: each once.
CREATE TABLE hooks (
    pipeline TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    hook TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (pipeline, period, version, hook)
) STRICT;
