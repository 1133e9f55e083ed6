-- The read model of a run: what was accepted, and what became of it.

CREATE TYPE ending AS ENUM ('passed', 'soft-failed', 'failed', 'errored', 'timed-out', 'cancelled', 'rejected', 'skipped', 'not-run');
CREATE TYPE status_kind AS ENUM ('waiting', 'queued', 'running', 'cancelling', 'paused', 'ended');

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

INSERT INTO organizations (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'main');
INSERT INTO workspaces (id, organization_id, name)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'main');

CREATE TABLE pipelines (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  origin text NOT NULL CHECK (origin IN ('local')),
  path text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, origin, path)
);

CREATE TABLE run_counters (
  scope text PRIMARY KEY,
  last_number bigint NOT NULL DEFAULT 0
);
INSERT INTO run_counters (scope) VALUES ('local');

CREATE TABLE run_numbers (
  scope text NOT NULL,
  number bigint NOT NULL,
  last_attempt integer NOT NULL DEFAULT 1,
  PRIMARY KEY (scope, number)
);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  pipeline_id uuid NOT NULL REFERENCES pipelines (id),
  scope text NOT NULL,
  number bigint NOT NULL,
  attempt integer NOT NULL,
  label text NOT NULL,
  trigger text NOT NULL,
  started_by text NOT NULL,
  git json,
  params json NOT NULL,
  notices json NOT NULL,
  plan json NOT NULL,
  plan_digest text NOT NULL,
  max_parallel integer,
  file text NOT NULL,
  source json NOT NULL,
  environment json NOT NULL,
  env_file json NOT NULL,
  docker_endpoint text,
  secret_file text,
  rerun_of uuid,
  status json NOT NULL,
  status_kind status_kind NOT NULL,
  ending ending,
  cancel_requested boolean NOT NULL DEFAULT false,
  workflow_run_id text,
  version bigint NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,
  row_seq bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  UNIQUE (scope, number, attempt)
);
CREATE INDEX runs_by_workspace ON runs (workspace_id, id);
CREATE INDEX runs_by_pipeline ON runs (pipeline_id, id);
CREATE INDEX runs_open ON runs (status_kind) WHERE status_kind <> 'ended';

CREATE TABLE stages (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('stage', 'gate')),
  name text NOT NULL,
  stage text NOT NULL,
  leg json,
  position integer NOT NULL,
  needs json NOT NULL,
  run_on text NOT NULL CHECK (run_on IN ('success', 'failure', 'always')),
  executor text,
  status json NOT NULL,
  status_kind status_kind NOT NULL,
  ending ending,
  reason json,
  outputs json NOT NULL,
  artifacts json NOT NULL,
  attempt_count integer NOT NULL DEFAULT 0,
  carried_from text,
  order_key bigint NOT NULL DEFAULT 0,
  seq bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, name)
);
CREATE INDEX stages_by_seq ON stages (run_id, seq);

CREATE TABLE attempts (
  run_id uuid NOT NULL,
  stage text NOT NULL,
  attempt integer NOT NULL,
  status json NOT NULL,
  host_id text,
  result json,
  started_at timestamptz,
  heartbeat_at timestamptz,
  ended_at timestamptz,
  log_lines bigint NOT NULL DEFAULT 0,
  log_bytes bigint NOT NULL DEFAULT 0,
  log_ended boolean NOT NULL DEFAULT false,
  order_key bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, stage, attempt),
  FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, name) ON DELETE CASCADE
);

CREATE TABLE gates (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name text NOT NULL,
  rules json NOT NULL,
  status json NOT NULL,
  status_kind status_kind NOT NULL,
  unmet json NOT NULL,
  opened_at timestamptz,
  expires_at timestamptz,
  order_key bigint NOT NULL DEFAULT 0,
  seq bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, name)
);

CREATE TABLE decisions (
  gate_id uuid NOT NULL REFERENCES gates (id) ON DELETE CASCADE,
  id text NOT NULL,
  decision json NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (gate_id, id)
);

CREATE TABLE artifacts (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  stage text NOT NULL,
  attempt integer NOT NULL,
  name text NOT NULL,
  files integer NOT NULL,
  bytes bigint NOT NULL,
  reference json NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, stage, attempt, name)
);

CREATE TABLE events (
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('run', 'stage', 'gate')),
  name text NOT NULL,
  status json NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, seq, kind, name)
);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  input json NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  last_error text,
  due_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_due ON outbox (due_at);

CREATE TABLE idempotency_keys (
  caller text NOT NULL,
  key text NOT NULL,
  request_digest text NOT NULL,
  status integer NOT NULL,
  headers json NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE commands (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  update_id text NOT NULL,
  update_name text NOT NULL CHECK (update_name IN ('decideGate', 'cancelRun')),
  update_arguments json NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'accepted', 'refused')),
  problem json,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE host_claims (
  run_id uuid NOT NULL,
  host_id text NOT NULL,
  queue text NOT NULL,
  lease_ms integer NOT NULL,
  renewed_at timestamptz NOT NULL,
  lost boolean NOT NULL DEFAULT false,
  released boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, host_id)
);
CREATE INDEX host_claims_by_host ON host_claims (host_id) WHERE NOT lost AND NOT released;
