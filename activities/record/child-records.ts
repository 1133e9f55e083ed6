import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import { findNamedPipeline, listParents } from '#db/queries/child-runs.ts';
import { findRunAnywhere, type RunWithNames } from '#db/queries/find-run.ts';
import { insertRun, type NewRun } from '#db/queries/insert-run.ts';
import { PATIENCE_MS } from './patience.ts';

/** A run with the names of what it belongs to, and what a run is a run of. */
export type RunRecord = RunWithNames;
export type PipelineRecord = NewRun['pipeline'];

/** What a stage needs that starts a run of another pipeline. */
export interface ChildRecords {
  findRun(id: string): Promise<RunWithNames | null>;
  /** Pipelines of the run, of the one that started it, and so on. */
  listParents(runId: string): ReturnType<typeof listParents>;
  /** A pipeline that the server keeps. */
  findNamed(workspaceId: string, name: string): ReturnType<typeof findNamedPipeline>;
  /** Writes the run with its nodes; what starts it is its parent's workflow. */
  insertChild(run: NewRun & { parent: NonNullable<NewRun['parent']> }): Promise<void>;
}

/** In Postgres. */
export function createChildRecords(database: Database): ChildRecords {
  const patient = <Result>(act: () => Promise<Result>) => withPatience(act, PATIENCE_MS);
  return {
    findRun: (id) => patient(() => findRunAnywhere(database, id)),
    listParents: (runId) => patient(() => listParents(database, runId)),
    findNamed: (workspaceId, name) => patient(() => findNamedPipeline(database, workspaceId, name)),
    insertChild: (run) =>
      patient(async () => {
        await database.begin((transaction) => insertRun(transaction, run));
      }),
  };
}
