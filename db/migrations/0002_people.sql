-- Who there is: accounts, memberships, sessions, tokens. The role of requests reads of it what 0007 grants, and no hash.

ALTER TABLE organizations ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE TABLE users (
  id uuid PRIMARY KEY,
  -- The handle in `user:ann`.
  name text NOT NULL UNIQUE,
  email text NOT NULL UNIQUE,
  display_name text NOT NULL,
  -- Null for one who signs in elsewhere.
  password_hash text,
  is_operator boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Accounts of other issuers, keyed as OpenID Connect says: never by e-mail.
CREATE TABLE identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject)
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  -- The token before the last rotation: requests that were under way with it are answered for a moment.
  previous_hash text UNIQUE,
  -- Null for the local user, whom `buildit open` signs in and who has no account.
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  address text NOT NULL,
  agent text NOT NULL,
  authenticated_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE organization_members (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, user_id)
);
CREATE INDEX organization_members_by_user ON organization_members (user_id);

CREATE TABLE teams (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  parent_id uuid REFERENCES teams (id) ON DELETE CASCADE,
  name text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

CREATE TABLE team_members (
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_by_user ON team_members (user_id);

-- Roles an organization made itself; the presets are in core/permission.ts.
CREATE TABLE roles (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name text NOT NULL,
  actions json NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

-- A person or a team has a role in a workspace.
CREATE TABLE role_bindings (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  team_id uuid REFERENCES teams (id) ON DELETE CASCADE,
  -- A preset's name, or that of a row of `roles`.
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((user_id IS NULL) <> (team_id IS NULL)),
  UNIQUE (workspace_id, user_id),
  UNIQUE (workspace_id, team_id)
);
CREATE INDEX role_bindings_by_user ON role_bindings (user_id);
CREATE INDEX role_bindings_by_team ON role_bindings (team_id);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  -- [{ workspaceId, role }]
  bindings json NOT NULL,
  token_hash text NOT NULL UNIQUE,
  invited_by text NOT NULL,
  -- Whose rights it was made with; null for the local user.
  inviter_id uuid REFERENCES users (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invitations_by_organization ON invitations (organization_id);

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Null: all workspaces the creator has.
  workspace_id uuid REFERENCES workspaces (id) ON DELETE CASCADE,
  -- Whose rights are the ceiling, at the moment of use.
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- `user:ann`, for lists of requests, which cannot read accounts.
  created_by text NOT NULL,
  name text NOT NULL,
  -- Actions; the token has those alone.
  scopes json NOT NULL,
  token_hash text NOT NULL UNIQUE,
  prefix text NOT NULL,
  last_four text NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  last_address text,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_tokens_by_organization ON api_tokens (organization_id);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);
-- `token:ci` in the audit is one token at a time.
CREATE UNIQUE INDEX api_tokens_by_name ON api_tokens (organization_id, name) WHERE revoked_at IS NULL;

-- Sign-ins of a command line under way (RFC 8628), and those that became one.
CREATE TABLE device_grants (
  id uuid PRIMARY KEY,
  device_code_hash text NOT NULL UNIQUE,
  user_code_hash text NOT NULL UNIQUE,
  client text NOT NULL,
  address text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'used')),
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  -- The login session that opened the consent: only it may confirm.
  session_id uuid REFERENCES sessions (id) ON DELETE CASCADE,
  last_polled_at timestamptz,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cli_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client text NOT NULL,
  address text NOT NULL,
  access_hash text NOT NULL UNIQUE,
  access_expires_at timestamptz NOT NULL,
  refresh_hash text NOT NULL UNIQUE,
  refreshed_at timestamptz NOT NULL,
  authenticated_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cli_sessions_by_user ON cli_sessions (user_id);

-- A refresh token that comes a second time ends its session: somebody else has it.
CREATE TABLE used_refresh_tokens (
  token_hash text PRIMARY KEY,
  cli_session_id uuid NOT NULL REFERENCES cli_sessions (id) ON DELETE CASCADE,
  used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX used_refresh_tokens_by_session ON used_refresh_tokens (cli_session_id);

-- Links that sign in once: the first visit, `buildit open`.
CREATE TABLE one_time_links (
  token_hash text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('setup', 'open')),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Failed guesses by what was guessed at; they outlive a restart.
CREATE TABLE login_failures (
  key text PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz
);

-- A session gets a new token when its person's rights change (I19): at its next request.
CREATE FUNCTION rotate_sessions() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE sessions SET rotated_at = 'epoch' WHERE user_id = coalesce(NEW.user_id, OLD.user_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER rotated AFTER INSERT OR UPDATE OR DELETE ON organization_members
  FOR EACH ROW EXECUTE FUNCTION rotate_sessions();
CREATE TRIGGER rotated AFTER INSERT OR UPDATE OR DELETE ON team_members
  FOR EACH ROW EXECUTE FUNCTION rotate_sessions();
CREATE TRIGGER rotated AFTER INSERT OR UPDATE OR DELETE ON role_bindings
  FOR EACH ROW EXECUTE FUNCTION rotate_sessions();
