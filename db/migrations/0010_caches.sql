-- Entries of caches, found by name, scope and key; how often they are found.

ALTER TABLE caches ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE caches ADD COLUMN version text NOT NULL DEFAULT '';
ALTER TABLE caches ADD COLUMN files bigint NOT NULL DEFAULT 0;
ALTER TABLE caches ADD COLUMN made_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE caches ADD COLUMN run_id uuid REFERENCES runs (id) ON DELETE SET NULL;
ALTER TABLE caches ADD COLUMN stage text NOT NULL DEFAULT '';
ALTER TABLE caches ADD COLUMN hits bigint NOT NULL DEFAULT 0;
ALTER TABLE caches DROP CONSTRAINT caches_pipeline_id_scope_key_key;
ALTER TABLE caches ADD CONSTRAINT caches_identity UNIQUE (pipeline_id, name, version, scope, key);
CREATE INDEX caches_by_run ON caches (run_id);

CREATE TABLE cache_days (
  pipeline_id uuid NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  day timestamptz NOT NULL,
  hits integer NOT NULL DEFAULT 0,
  misses integer NOT NULL DEFAULT 0,
  PRIMARY KEY (pipeline_id, name, day)
);
ALTER TABLE cache_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cache_days TO buildit_tenant
  USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()));
GRANT SELECT, INSERT, UPDATE, DELETE ON cache_days TO buildit_tenant;
