-- What the inbox looks up: the last decisions of a workspace, and the last run of a pipeline that succeeded. Without the
-- second one, a pipeline that never did has all its runs read.

CREATE INDEX decisions_by_workspace ON decisions (workspace_id, at);
CREATE INDEX runs_succeeded ON runs (pipeline_id, id) WHERE ending IN ('passed', 'soft-failed');
