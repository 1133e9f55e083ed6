-- What people and tokens did, also what they were refused. Rows are only ever added; each holds a hash over its own
-- digest and the hash of the one before it in its organization, so that a row that was changed, taken out or moved shows.

CREATE TABLE audit_events (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Not a reference: what was done in a workspace outlives it.
  workspace_id uuid,
  -- Place in the chain; null until the transaction commits.
  seq bigint,
  -- The digest is over milliseconds: nothing finer may be there to change.
  at timestamptz NOT NULL CHECK (date_trunc('milliseconds', at) = at),
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
  -- SHA-256 of the columns above (api/audit/digest.ts), without `seq`.
  digest text NOT NULL,
  -- SHA-256 of `<hash before> <seq> <digest>`.
  hash text,
  UNIQUE (organization_id, seq)
);
CREATE INDEX audit_events_by_workspace ON audit_events (workspace_id, seq);
CREATE INDEX audit_events_by_actor ON audit_events (organization_id, actor, seq);
CREATE INDEX audit_events_by_action ON audit_events (organization_id, action, seq);
CREATE INDEX audit_events_by_object_id ON audit_events (organization_id, object_id);
CREATE INDEX audit_events_by_object_name ON audit_events (organization_id, object_name);
CREATE INDEX audit_events_refused ON audit_events (organization_id, seq) WHERE verdict = 'refused';
-- Rows lie in the order of time: a few bytes find those of a day.
CREATE INDEX audit_events_by_time ON audit_events USING brin (at);

-- The end of each chain. Says also that the last rows are all there.
CREATE TABLE audit_heads (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  hash text NOT NULL
);

CREATE FUNCTION chain_hash(previous text, seq bigint, digest text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN encode(sha256(convert_to(previous || ' ' || seq || ' ' || digest, 'UTF8')), 'hex');

-- Runs when the transaction commits, inside the server: writers of one organization wait for each other here (a chain
-- has one end), for as long as a commit takes and no longer. A row that brings its place (a restored one) keeps it.
CREATE FUNCTION seal_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head audit_heads;
BEGIN
  INSERT INTO audit_heads AS present (organization_id, seq, hash)
  VALUES (NEW.organization_id, 1, chain_hash(repeat('0', 64), 1, NEW.digest))
  ON CONFLICT (organization_id) DO UPDATE
    SET seq = present.seq + 1, hash = chain_hash(present.hash, present.seq + 1, NEW.digest)
  RETURNING * INTO STRICT head;
  UPDATE audit_events SET seq = head.seq, hash = head.hash WHERE id = NEW.id;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.seq IS NULL) EXECUTE FUNCTION seal_audit_event();

-- Nobody changes or removes a row, the owner of the table neither: but an organization that is deleted takes its audit
-- along, and the seal is put on.
CREATE FUNCTION keep_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM organizations WHERE id = OLD.organization_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit events are only ever added' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION keep_audit_event();
CREATE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are only ever added' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER keep_all BEFORE TRUNCATE ON audit_events EXECUTE FUNCTION keep_audit_events();
