-- Who changed the settings of a pipeline or a workspace last; null: nobody since they were made, or before this was kept.

ALTER TABLE pipelines ADD COLUMN updated_by text;
ALTER TABLE workspaces ADD COLUMN updated_by text;
