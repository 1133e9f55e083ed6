-- What people and tokens did, also what they were refused. Rows are only ever added; each holds the hash of the one
-- before it in its organization, so that a changed row shows.

CREATE TABLE audit_events (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  id uuid NOT NULL UNIQUE,
  workspace_id uuid REFERENCES workspaces (id) ON DELETE SET NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  object_kind text NOT NULL,
  object_id text NOT NULL,
  object_name text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('done', 'refused')),
  -- Code of the refusal.
  code text,
  address text NOT NULL,
  request_id text NOT NULL,
  -- Before and after; secrets as names.
  detail json NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (organization_id, seq)
);
CREATE INDEX audit_events_by_workspace ON audit_events (workspace_id, seq);

CREATE TABLE audit_heads (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  hash text NOT NULL
);
