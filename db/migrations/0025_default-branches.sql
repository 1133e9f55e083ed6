-- How a pipeline stands on its default branch: its newest run there, and the last one that succeeded. Without the second
-- index a branch that never did has all its runs read.

-- Runs of work trees from before their branch was written beside their commit. A text with NUL cannot be read as JSON.
UPDATE runs SET branch = git ->> 'branch'
WHERE branch IS NULL AND CASE WHEN strpos(git::text, '\u0000') = 0 THEN git ->> 'branch' IS NOT NULL ELSE false END;

CREATE INDEX runs_of_branch ON runs (pipeline_id, branch, id) WHERE branch IS NOT NULL;
CREATE INDEX runs_succeeded_on_branch ON runs (pipeline_id, branch, id)
  WHERE branch IS NOT NULL AND ending IN ('passed', 'soft-failed');
