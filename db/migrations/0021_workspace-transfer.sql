-- A workspace may go to another organization. Its secrets follow it, and none is made under the organization it had.

ALTER TABLE workspaces ADD CONSTRAINT workspaces_in_organization UNIQUE (id, organization_id);
ALTER TABLE secrets ADD CONSTRAINT secrets_in_organization FOREIGN KEY (workspace_id, organization_id)
  REFERENCES workspaces (id, organization_id) ON UPDATE CASCADE ON DELETE CASCADE;

-- What was done in it while it was of an organization belongs to that one, as with a workspace that is no more.
CREATE FUNCTION has_workspace(id uuid, organization_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
  RETURN EXISTS (
    SELECT FROM workspaces
    WHERE workspaces.id = has_workspace.id AND workspaces.organization_id = has_workspace.organization_id);
DROP POLICY tenant ON audit_events;
CREATE POLICY tenant ON audit_events TO buildit_tenant USING (
  organization_id = ANY (scoped_organizations())
  AND (workspace_id IS NULL OR workspace_id = ANY (scoped_workspaces())
    OR NOT has_workspace(workspace_id, organization_id)));
DROP FUNCTION has_workspace(uuid);
