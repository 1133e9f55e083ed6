import { v7 as createId } from 'uuid';
import type { TestApi } from './api.ts';
import { createPlan, createStagePlan } from './plan.ts';

/** A run with a shell of its stage `build` that somebody has asked a host for. */
export async function askShell(api: TestApi, hostId: string): Promise<{ id: string; runId: string; hostId: string }> {
  api.usePlan(createPlan([createStagePlan('build')]));
  const run = await api.client.startRun(api.request());
  const id = createId();
  await api.database`
    INSERT INTO shells (id, run_id, stage, attempt, host_id, opened_by, secrets, terminal_rows, terminal_columns)
    VALUES (${id}, ${run.id}, 'build', 1, ${hostId}, 'user:test', false, 24, 80)`;
  return { id, runId: run.id, hostId };
}
