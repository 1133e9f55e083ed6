-- Machines that take stages, with what each has to offer.

CREATE TABLE runners (
  host_id text PRIMARY KEY,
  queue text NOT NULL,
  labels jsonb NOT NULL,
  -- Renewed while its worker lives; infinity for the one machine of an embedded engine.
  alive_until timestamptz NOT NULL
);
