-- The second lock on tenancy. Requests run under the role `buildit_tenant`, which sees the rows of the workspaces and
-- organizations that the transaction names (db/scope.ts) and no others; the owner of the tables is not limited.

DO $$
BEGIN
  CREATE ROLE buildit_tenant NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  -- A role belongs to all databases of a server; another of ours has made it.
  NULL;
END
$$;
GRANT buildit_tenant TO CURRENT_USER;

CREATE FUNCTION scoped_workspaces() RETURNS uuid[] LANGUAGE sql STABLE
  RETURN string_to_array(nullif(current_setting('buildit.workspaces', true), ''), ',')::uuid[];
CREATE FUNCTION scoped_organizations() RETURNS uuid[] LANGUAGE sql STABLE
  RETURN string_to_array(nullif(current_setting('buildit.organizations', true), ''), ',')::uuid[];

-- What belongs to a run says so itself: the policy of each table is one comparison.
CREATE FUNCTION set_workspace_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT workspace_id INTO STRICT NEW.workspace_id FROM runs WHERE id = NEW.run_id;
  RETURN NEW;
END
$$;
CREATE FUNCTION set_workspace_of_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT workspace_id INTO STRICT NEW.workspace_id FROM gates WHERE id = NEW.gate_id;
  RETURN NEW;
END
$$;

DO $$
DECLARE child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['stages', 'attempts', 'gates', 'artifacts', 'events', 'commands', 'outbox'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE', child);
    EXECUTE format('UPDATE %I AS child SET workspace_id = runs.workspace_id FROM runs WHERE runs.id = child.run_id', child);
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET NOT NULL', child);
    EXECUTE format('CREATE TRIGGER workspace BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION set_workspace_of_run()', child);
  END LOOP;
END
$$;
ALTER TABLE decisions ADD COLUMN workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE;
UPDATE decisions SET workspace_id = gates.workspace_id FROM gates WHERE gates.id = decisions.gate_id;
ALTER TABLE decisions ALTER COLUMN workspace_id SET NOT NULL;
CREATE TRIGGER workspace BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION set_workspace_of_gate();
CREATE INDEX outbox_by_workspace ON outbox (workspace_id, id);
-- Places of a workspace that are taken: see db/queries/slots.ts.
CREATE INDEX stages_running ON stages (workspace_id) WHERE status_kind = 'running';
-- What quotas count.
CREATE INDEX attempts_by_start ON attempts (workspace_id, started_at);
CREATE INDEX artifacts_by_workspace ON artifacts (workspace_id) INCLUDE (bytes);
CREATE INDEX caches_by_workspace ON caches (workspace_id) INCLUDE (bytes);
CREATE INDEX gates_asking ON gates (workspace_id, opened_at) WHERE status_kind = 'waiting';

-- Rows of one workspace.
DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY[
    'pipelines', 'pipeline_versions', 'repositories', 'runs', 'stages', 'attempts', 'gates', 'decisions', 'artifacts',
    'events', 'commands', 'outbox', 'environments', 'services', 'targets', 'deployments', 'caches', 'test_results',
    'snapshot_contents', 'snapshots', 'webhooks', 'webhook_deliveries', 'quotas', 'slots'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO buildit_tenant USING (workspace_id = ANY (scoped_workspaces())) WITH CHECK (workspace_id = ANY (scoped_workspaces()))',
      tenant
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO buildit_tenant', tenant);
  END LOOP;
END
$$;

-- Rows of a workspace, or of the organization as a whole.
DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['secrets', 'secret_versions', 'secret_accesses', 'api_tokens'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO buildit_tenant USING (
         workspace_id = ANY (scoped_workspaces())
         OR (workspace_id IS NULL AND organization_id = ANY (scoped_organizations())))
       WITH CHECK (
         workspace_id = ANY (scoped_workspaces())
         OR (workspace_id IS NULL AND organization_id = ANY (scoped_organizations())))',
      tenant
    );
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON secrets TO buildit_tenant;
-- Values are written by requests and read by none of them: not even sealed.
GRANT INSERT ON secret_versions TO buildit_tenant;
GRANT SELECT (secret_id, organization_id, workspace_id, version, created_by, created_at) ON secret_versions TO buildit_tenant;
GRANT SELECT ON secret_accesses TO buildit_tenant;
-- A token's hash is written, and looked for by authentication alone.
GRANT INSERT, UPDATE (revoked_at) ON api_tokens TO buildit_tenant;
GRANT SELECT (id, organization_id, workspace_id, user_id, created_by, name, scopes, prefix, last_four, expires_at,
  last_used_at, last_address, revoked_at, created_at) ON api_tokens TO buildit_tenant;

-- What was done in a workspace that is no more belongs to its organization. Added to, never changed; the place in the
-- chain is given at the commit, by nobody else.
CREATE FUNCTION has_workspace(id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  RETURN EXISTS (SELECT FROM workspaces WHERE workspaces.id = has_workspace.id);
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_events TO buildit_tenant USING (
  organization_id = ANY (scoped_organizations())
  AND (workspace_id IS NULL OR workspace_id = ANY (scoped_workspaces()) OR NOT has_workspace(workspace_id)));
GRANT SELECT, INSERT (id, organization_id, workspace_id, at, actor, action, object_kind, object_id, object_name, verdict,
  code, address, request_id, detail, digest) ON audit_events TO buildit_tenant;

-- Of people, requests find out where an object of a path belongs, and nothing else: who changes them does it as the owner
-- of the tables, once that is allowed.
DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['organization_members', 'teams', 'roles', 'invitations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY tenant ON %I FOR SELECT TO buildit_tenant USING (organization_id = ANY (scoped_organizations()))',
      tenant
    );
  END LOOP;
END
$$;
GRANT SELECT (id, organization_id, user_id) ON organization_members TO buildit_tenant;
GRANT SELECT (id, organization_id, name) ON teams, roles TO buildit_tenant;
GRANT SELECT (id, organization_id) ON invitations TO buildit_tenant;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users FOR SELECT TO buildit_tenant USING (id IN (SELECT user_id FROM organization_members));
GRANT SELECT (id, name) ON users TO buildit_tenant;

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON workspaces TO buildit_tenant USING (id = ANY (scoped_workspaces()));
GRANT SELECT, UPDATE ON workspaces TO buildit_tenant;
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations TO buildit_tenant USING (id = ANY (scoped_organizations()));
GRANT SELECT ON organizations TO buildit_tenant;

-- Numbers are drawn for what the transaction may insert anyway; they tell nothing.
GRANT SELECT, INSERT, UPDATE ON run_counters, run_numbers TO buildit_tenant;

-- Answers that are kept for a repetition of the request: those of the caller itself.
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY caller ON idempotency_keys TO buildit_tenant
  USING (caller = current_setting('buildit.caller', true)) WITH CHECK (caller = current_setting('buildit.caller', true));
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO buildit_tenant;
