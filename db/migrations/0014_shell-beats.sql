-- When the host of a terminal last heard of its person; null until a host has taken it.

ALTER TABLE shells ADD COLUMN beat_at timestamptz;
