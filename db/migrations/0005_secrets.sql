-- Secrets by name and scope; values are sealed (AES-256-GCM) with a key of the organization that is itself wrapped by
-- the installation's master key, which is not in the database.

CREATE TABLE data_keys (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Which master key wraps it.
  master_key_id text NOT NULL,
  iv bytea NOT NULL,
  wrapped bytea NOT NULL,
  tag bytea NOT NULL,
  -- Values sealed with it: random nonces want another key long before 2^32.
  writes bigint NOT NULL DEFAULT 0,
  -- Opens what it sealed, seals no more.
  retired_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX data_keys_present ON data_keys (organization_id) WHERE retired_at IS NULL;

CREATE TABLE secrets (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE,
  environment_id uuid REFERENCES environments (id) ON DELETE CASCADE,
  pipeline_id uuid REFERENCES pipelines (id) ON DELETE CASCADE,
  name text NOT NULL,
  version integer NOT NULL,
  -- Counts every change, also those that leave the value: what `ETag` and `If-Match` mean.
  revision integer NOT NULL DEFAULT 1,
  disabled_at timestamptz,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (workspace_id IS NOT NULL OR (environment_id IS NULL AND pipeline_id IS NULL)),
  CHECK (environment_id IS NULL OR pipeline_id IS NULL)
);
CREATE UNIQUE INDEX secrets_by_scope ON secrets (
  organization_id,
  coalesce(workspace_id, '00000000-0000-0000-0000-000000000000'),
  coalesce(environment_id, '00000000-0000-0000-0000-000000000000'),
  coalesce(pipeline_id, '00000000-0000-0000-0000-000000000000'),
  name
);
CREATE INDEX secrets_by_workspace ON secrets (workspace_id, id);

CREATE TABLE secret_versions (
  secret_id uuid NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE,
  version integer NOT NULL,
  data_key_id uuid NOT NULL REFERENCES data_keys (id),
  iv bytea NOT NULL,
  ciphertext bytea NOT NULL,
  tag bytea NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (secret_id, version)
);
CREATE INDEX secret_versions_by_data_key ON secret_versions (data_key_id);

-- Who was given a value, and who was refused.
CREATE TABLE secret_accesses (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE,
  secret_id uuid REFERENCES secrets (id) ON DELETE SET NULL,
  name text NOT NULL,
  version integer,
  run_id uuid REFERENCES runs (id) ON DELETE SET NULL,
  stage text,
  attempt integer,
  actor text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('released', 'refused')),
  code text,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX secret_accesses_by_secret ON secret_accesses (secret_id, id);
