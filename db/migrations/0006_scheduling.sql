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

-- Places of a workspace with a quota: one row a stage that executes, or waits to.
CREATE TABLE slots (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  stage text NOT NULL,
  priority integer NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  -- Null while it waits: in the order of `priority`, then of `asked_at`.
  taken_at timestamptz,
  PRIMARY KEY (run_id, stage)
);
CREATE INDEX stages_queued ON stages (run_id, name) WHERE status_kind = 'queued';
CREATE INDEX slots_by_workspace ON slots (workspace_id, priority, asked_at);

-- A place may be free, or be wanted: whoever hands them out is told when the transaction commits.
CREATE FUNCTION tell_of_slots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('buildit', 'slots 0');
  RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON slots FOR EACH ROW EXECUTE FUNCTION tell_of_slots();
CREATE TRIGGER told AFTER INSERT OR UPDATE OR DELETE ON quotas FOR EACH ROW EXECUTE FUNCTION tell_of_slots();

-- What the reconciler found amiss and could not, or must not, repair by itself; gone once it is not found any more.
CREATE TABLE findings (
  kind text NOT NULL,
  -- What it is about: a run's id, a host.
  subject text NOT NULL,
  message text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, subject)
);

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

-- The trace of the request goes on in the workflow it starts.
ALTER TABLE outbox ADD COLUMN trace_parent text DEFAULT nullif(current_setting('buildit.trace_parent', true), '');
