-- Processes of the API, each of which says that it is there.

CREATE TABLE api_processes (
  name text PRIMARY KEY,
  version text NOT NULL,
  -- Renewed while it lives.
  alive_until timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
