-- Pipelines that live on the server, with every text they had, and what stands around their runs.

CREATE TABLE repositories (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  url text NOT NULL,
  default_branch text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name)
);

ALTER TABLE pipelines DROP CONSTRAINT pipelines_origin_check;
ALTER TABLE pipelines ADD CONSTRAINT pipelines_origin_check CHECK (origin IN ('local', 'server', 'sample', 'remote'));
ALTER TABLE pipelines DROP CONSTRAINT pipelines_workspace_id_origin_path_key;
CREATE UNIQUE INDEX pipelines_local ON pipelines (workspace_id, path) WHERE origin = 'local';
-- Files of people's machines that were run on the server (`run --remote`).
CREATE UNIQUE INDEX pipelines_remote ON pipelines (workspace_id, path) WHERE origin = 'remote';
ALTER TABLE pipelines
  ADD COLUMN repository_id uuid REFERENCES repositories (id) ON DELETE SET NULL,
  ADD COLUMN description text NOT NULL DEFAULT '',
  ADD COLUMN enabled boolean NOT NULL DEFAULT true,
  -- Of the text; 0 for local ones, whose text is a file.
  ADD COLUMN version integer NOT NULL DEFAULT 0,
  -- Of the row: what `ETag` and `If-Match` mean.
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  -- Its runs stay; its name is free again.
  ADD COLUMN deleted_at timestamptz;
CREATE UNIQUE INDEX pipelines_server ON pipelines (workspace_id, name) 
  WHERE origin IN ('server', 'sample') AND deleted_at IS NULL;
CREATE INDEX pipelines_by_workspace ON pipelines (workspace_id, id);

CREATE TABLE pipeline_versions (
  pipeline_id uuid NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  version integer NOT NULL,
  text text NOT NULL,
  digest text NOT NULL,
  message text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pipeline_id, version)
);

-- The version whose text the run has, and what was asked for.
ALTER TABLE runs
  ADD COLUMN pipeline_version integer,
  ADD COLUMN branch text,
  ADD COLUMN commit text;
-- What lists are filtered by: the status, or how it ended. As text, because comparisons of enums are not leakproof:
-- under row-level security no index of an enum serves a condition on it.
ALTER TABLE runs ADD COLUMN state text NOT NULL GENERATED ALWAYS AS (
  CASE
    WHEN status_kind = 'waiting' THEN 'waiting'
    WHEN status_kind = 'queued' THEN 'queued'
    WHEN status_kind = 'running' THEN 'running'
    WHEN status_kind = 'cancelling' THEN 'cancelling'
    WHEN status_kind = 'paused' THEN 'paused'
    WHEN ending = 'passed' THEN 'passed'
    WHEN ending = 'soft-failed' THEN 'soft-failed'
    WHEN ending = 'failed' THEN 'failed'
    WHEN ending = 'errored' THEN 'errored'
    WHEN ending = 'timed-out' THEN 'timed-out'
    WHEN ending = 'cancelled' THEN 'cancelled'
    WHEN ending = 'rejected' THEN 'rejected'
    WHEN ending = 'skipped' THEN 'skipped'
    ELSE 'not-run'
  END) STORED;
CREATE INDEX runs_by_state ON runs (workspace_id, state, id);
CREATE INDEX runs_by_branch ON runs (workspace_id, branch, id);
CREATE INDEX runs_by_starter ON runs (workspace_id, started_by, id);
CREATE INDEX runs_by_number ON runs (workspace_id, number, id);

-- Contents of files that a workspace has sent: to know a digest gives nobody what another workspace sent.
CREATE TABLE snapshot_contents (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  digest text NOT NULL,
  bytes bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, digest)
);

-- Trees that a workspace has sent whole.
CREATE TABLE snapshots (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  digest text NOT NULL,
  files integer NOT NULL,
  bytes bigint NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, digest)
);

CREATE TABLE environments (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  position integer NOT NULL DEFAULT 0,
  -- { by, reason, at } while it is locked.
  lock json,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name)
);

CREATE TABLE services (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  pipeline_id uuid REFERENCES pipelines (id) ON DELETE SET NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name)
);

CREATE TABLE targets (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  environment_id uuid NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  name text NOT NULL,
  deployer text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name)
);

CREATE TABLE deployments (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  service_id uuid NOT NULL REFERENCES services (id) ON DELETE CASCADE,
  environment_id uuid NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  target_id uuid NOT NULL REFERENCES targets (id) ON DELETE CASCADE,
  run_id uuid REFERENCES runs (id) ON DELETE SET NULL,
  release text NOT NULL,
  status json NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deployments_by_workspace ON deployments (workspace_id, id);

CREATE TABLE caches (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  pipeline_id uuid NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
  scope text NOT NULL,
  key text NOT NULL,
  bytes bigint NOT NULL,
  reference json NOT NULL,
  last_hit_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (pipeline_id, scope, key)
);

CREATE TABLE test_results (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  stage text NOT NULL,
  attempt integer NOT NULL,
  suite text NOT NULL,
  name text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('passed', 'failed', 'errored', 'skipped')),
  duration_ms integer,
  message text,
  file text,
  line integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, stage, attempt, suite, name)
);

CREATE TABLE webhooks (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  url text NOT NULL,
  events json NOT NULL,
  -- Sealed like a secret's value; never answered.
  signing_key json NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id);

CREATE TABLE webhook_deliveries (
  id uuid PRIMARY KEY,
  webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  event text NOT NULL,
  -- What the event is about: it is told of once, however often it is written down.
  subject text NOT NULL,
  payload json NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
  tries integer NOT NULL DEFAULT 0,
  -- { status, ms, error } of the last try.
  last_try json,
  due_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (webhook_id, event, subject)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at) WHERE state <> 'pending';
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);
