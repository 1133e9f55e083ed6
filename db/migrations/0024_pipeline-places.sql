-- What the work tree of a local pipeline says of where it comes from.

ALTER TABLE pipelines ADD COLUMN repository text;
ALTER TABLE pipelines ADD COLUMN default_branch text;
