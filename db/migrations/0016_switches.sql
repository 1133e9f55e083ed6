-- What is switched for the installation, what an incident holds, and what machines and secrets say of themselves.

-- A switch that is on has a row. Of no workspace: for operators alone.
CREATE TABLE switches (
  name text PRIMARY KEY CHECK (name IN ('maintenance')),
  since timestamptz NOT NULL DEFAULT now(),
  switched_by text NOT NULL,
  reason text
);

-- Runs that were paused together with all others of their workspace, so that those alone are resumed together.
CREATE TABLE incident_pauses (
  run_id uuid PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  paused_at timestamptz NOT NULL DEFAULT now(),
  paused_by text NOT NULL,
  reason text
);
CREATE INDEX incident_pauses_by_workspace ON incident_pauses (workspace_id);
ALTER TABLE incident_pauses ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incident_pauses TO buildit_tenant
  USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_pauses TO buildit_tenant;

-- After so many days a secret wants another value; null is no rule.
ALTER TABLE secrets ADD COLUMN rotate_days integer CHECK (rotate_days BETWEEN 1 AND 3650);

-- Null: of a worker that is older than this.
ALTER TABLE runners ADD COLUMN version text;
ALTER TABLE runners ADD COLUMN max_stages integer;
ALTER TABLE runners ADD COLUMN process_executor boolean;
ALTER TABLE runners ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
