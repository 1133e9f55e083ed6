-- Looking into stages: what was asked for with the run, and terminals.

ALTER TABLE runs ADD COLUMN debug json;

CREATE TABLE shells (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  stage text NOT NULL,
  attempt integer NOT NULL,
  host_id text NOT NULL,
  opened_by text NOT NULL,
  secrets boolean NOT NULL,
  terminal_rows integer NOT NULL,
  terminal_columns integer NOT NULL,
  state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'open', 'ended')),
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE INDEX shells_by_stage ON shells (run_id, stage, attempt);
CREATE TRIGGER workspace BEFORE INSERT ON shells FOR EACH ROW EXECUTE FUNCTION set_workspace_of_run();
ALTER TABLE shells ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON shells TO buildit_tenant
  USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()));
GRANT SELECT, INSERT, UPDATE, DELETE ON shells TO buildit_tenant;
