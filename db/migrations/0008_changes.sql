-- Lists that are followed live. A row says in which transaction it changed last; a reader who has seen all that
-- transactions below N wrote asks for rows at or above N, and N is the oldest transaction still under way when it
-- looked (pg_snapshot_xmin): so a change that commits late is never passed over, and no writer waits for another.

CREATE FUNCTION mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id()::text::bigint;
  PERFORM pg_notify('buildit', TG_ARGV[0] || ':' || NEW.workspace_id || ' 0');
  RETURN NEW;
END
$$;

ALTER TABLE runs ADD COLUMN changed_in bigint NOT NULL DEFAULT 0;
ALTER TABLE pipelines ADD COLUMN changed_in bigint NOT NULL DEFAULT 0;
CREATE TRIGGER changed BEFORE INSERT OR UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION mark_change('runs');
CREATE TRIGGER changed BEFORE INSERT OR UPDATE ON pipelines FOR EACH ROW EXECUTE FUNCTION mark_change('pipelines');
CREATE INDEX runs_by_change ON runs (workspace_id, changed_in);
CREATE INDEX pipelines_by_change ON pipelines (workspace_id, changed_in);

-- What waits for people.
CREATE FUNCTION tell_inbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('buildit', 'inbox:' || NEW.workspace_id || ' 0');
  RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR UPDATE OF status, opened_at ON gates FOR EACH ROW EXECUTE FUNCTION tell_inbox();

-- A right that was taken away ends the streams that stood on it.
CREATE FUNCTION tell_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('buildit', 'people 0');
  RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER UPDATE OF revoked_at OR DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OF revoked_at OR DELETE ON cli_sessions FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OF revoked_at OR DELETE ON api_tokens FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OF disabled_at OR DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OR DELETE ON organization_members FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OR DELETE ON role_bindings FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER DELETE ON team_members FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
CREATE TRIGGER told AFTER UPDATE OF actions OR DELETE ON roles FOR EACH STATEMENT EXECUTE FUNCTION tell_people();
