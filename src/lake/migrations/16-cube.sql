-- The version of the daily cube that lies beside a part of sessions; empty where there is none.
ALTER TABLE parts ADD COLUMN cube INTEGER;
