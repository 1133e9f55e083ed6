-- Runs that a stage of another run has started.

ALTER TABLE runs ADD COLUMN parent_run uuid REFERENCES runs (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN parent_stage text;

CREATE INDEX runs_parent_run ON runs (parent_run) WHERE parent_run IS NOT NULL;
