-- Variables of the environment that every run of a pipeline gets, below what its file says (UI 4.6).

CREATE TABLE pipeline_variables (
  pipeline_id uuid PRIMARY KEY REFERENCES pipelines (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  version integer NOT NULL DEFAULT 1,
  variables json NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE pipeline_variables ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pipeline_variables TO buildit_tenant
  USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()));
GRANT SELECT, INSERT, UPDATE, DELETE ON pipeline_variables TO buildit_tenant;
