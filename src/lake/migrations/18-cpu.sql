-- Processor time that a stage took, of all threads together; empty where the system does not tell.
ALTER TABLE run_stages ADD COLUMN cpu_ms INTEGER;
