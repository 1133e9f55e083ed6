-- How long what runs left is kept. A workspace may say so; else it is what the installation says. 90 was there from the
-- beginning: it stays where the audit tells that somebody came back to it.

ALTER TABLE workspaces ALTER COLUMN retention_days DROP NOT NULL;
ALTER TABLE workspaces ALTER COLUMN retention_days DROP DEFAULT;
UPDATE workspaces SET retention_days = NULL
WHERE retention_days = 90 AND NOT EXISTS (
  SELECT FROM audit_events
  WHERE organization_id = workspaces.organization_id AND object_id = workspaces.id::text
    AND action = 'workspace.change' AND verdict = 'done'
    AND detail #>> '{after,retentionDays}' = '90' AND detail #>> '{before,retentionDays}' <> '90'
);

-- When logs, artifacts and source of a run were given up: from then on nobody is given them. Its rows stay. Swept: their
-- bytes are gone as well.
ALTER TABLE runs ADD COLUMN expired_at timestamptz;
ALTER TABLE runs ADD COLUMN is_swept boolean NOT NULL DEFAULT false;
CREATE INDEX runs_kept ON runs (ended_at) WHERE expired_at IS NULL;
CREATE INDEX runs_to_sweep ON runs (expired_at) WHERE expired_at IS NOT NULL AND NOT is_swept;

-- The same of one artifact, whose `expire` has passed.
ALTER TABLE artifacts ADD COLUMN removed_at timestamptz;
ALTER TABLE artifacts ADD COLUMN is_swept boolean NOT NULL DEFAULT false;
CREATE INDEX artifacts_due ON artifacts (expires_at) WHERE removed_at IS NULL;
CREATE INDEX artifacts_to_sweep ON artifacts (removed_at) WHERE removed_at IS NOT NULL AND NOT is_swept;

-- What was swept, and when that was looked for last. Of the installation: no request reads it.
CREATE TABLE sweeps (
  kind text PRIMARY KEY,
  swept_at timestamptz NOT NULL,
  removed bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0
);
