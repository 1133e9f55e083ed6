/** How deep runs may start runs. */
export const MAX_CHILD_DEPTH = 5;

/** The stage that started a run. */
export interface ParentRun {
  runId: string;
  label: string;
  stage: string;
}
