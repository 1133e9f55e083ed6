-- Reports of stages: results of tests, and notes in Markdown.

ALTER TABLE attempts ADD COLUMN tests json;
ALTER TABLE test_results ADD COLUMN trace text;
ALTER TABLE test_results ADD COLUMN flaky boolean NOT NULL DEFAULT false;
-- The last results of one test. A hash: names may be longer than an index takes.
CREATE INDEX test_results_by_test ON test_results (workspace_id, md5(suite || chr(10) || name), id DESC);

CREATE TABLE notes (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  stage text NOT NULL,
  attempt integer NOT NULL,
  name text NOT NULL,
  text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, stage, attempt, name)
);
CREATE TRIGGER workspace BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION set_workspace_of_run();
CREATE TRIGGER workspace BEFORE INSERT ON test_results FOR EACH ROW EXECUTE FUNCTION set_workspace_of_run();
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notes TO buildit_tenant
  USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()));
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO buildit_tenant;
