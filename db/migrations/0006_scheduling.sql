-- How workspaces share what there is.

ALTER TABLE workspaces
  -- Share of starts against other workspaces that wait too.
  ADD COLUMN weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000),
  ADD COLUMN retention_days integer NOT NULL DEFAULT 90 CHECK (retention_days BETWEEN 1 AND 3650),
  ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE TABLE quotas (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('stages-at-once', 'runs-a-day', 'minutes-a-month', 'storage-bytes')),
  -- Null is no limit.
  value bigint CHECK (value >= 0),
  version integer NOT NULL DEFAULT 1,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, kind)
);

-- Places of a workspace that are taken: one row a stage attempt that executes.
CREATE TABLE slots (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  stage text NOT NULL,
  -- Null while it waits: the order of waiting is that of `asked_at`.
  taken_at timestamptz,
  asked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, stage)
);
CREATE INDEX slots_by_workspace ON slots (workspace_id, taken_at, asked_at);

-- 1 first, 5 last.
ALTER TABLE runs ADD COLUMN priority integer NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 5);

-- What people change in a run while it is open.
ALTER TABLE commands DROP CONSTRAINT commands_update_name_check;
ALTER TABLE commands
  ADD CONSTRAINT commands_update_name_check CHECK (update_name IN ('decideGate', 'cancelRun', 'changeRun'));
-- The change of which the event tells, with who made it; null for one that came of itself.
ALTER TABLE events ADD COLUMN change json;
CREATE UNIQUE INDEX events_by_change ON events (run_id, (change ->> 'id')) WHERE change IS NOT NULL;
-- Time that a stage was given beyond its own limit.
ALTER TABLE stages ADD COLUMN extended_ms bigint NOT NULL DEFAULT 0;
