-- Who starts a run asks for the maintenance switch in the transaction that inserts the run. It tells nothing of anybody.
GRANT SELECT ON switches TO buildit_tenant;

-- The request by which a run is held: what it was refused it lets go again, and nothing that another one holds. Null: of
-- one that is older than this.
ALTER TABLE incident_pauses ADD COLUMN write_id text;
