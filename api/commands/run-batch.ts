import type { Problem } from '#core/rest.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { listRunsById } from '#db/queries/list-runs.ts';
import { ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { listOnce, orRefusal, type Placed } from './batch.ts';

/** One of a batch that cannot be done, by its place in the request. */
export interface Refusal {
  index: number;
  problem: ProblemError;
}

/** The runs of the batch, each once, of the workspace of the call. Throws 404 for the first that is not there. */
export async function requireRuns({ data, owner }: Pick<Call, 'data' | 'owner'>, ids: readonly string[]) {
  const wanted = listOnce(ids, (id) => id);
  const rows = await data((scoped) =>
    listRunsById(
      scoped,
      wanted.map(({ item }) => item),
    ),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ index, item: id }): Placed<RunWithNames> => {
    const row = found.get(id);
    if (row && row.workspaceId === owner?.workspaceId) return { index, item: row };
    throw new ProblemError(404, 'not-found', `there is no run ${id} in this workspace`);
  });
}

/** What stands against an item, if anything does. Faults of ours go on, and so does a lack of a right: it is audited. */
export async function findRefusal(index: number, check: () => Promise<void>): Promise<Refusal[]> {
  const problem = await orRefusal(check());
  if (!(problem instanceof ProblemError)) return [];
  if (problem.problem.status === 403) throw problem;
  return [{ index, problem }];
}

/** A batch is refused whole, with the reason of each item that is not in order (UI §9). */
export function refuseBatch(refusals: readonly Refusal[], consequence: string): void {
  if (refusals.length === 0) return;
  const errors = refusals.map(({ index, problem: { problem } }): Problem['errors'][number] => ({
    ...{ pointer: `/runs/${index}`, code: problem.code, message: problem.detail },
  }));
  const detail = `${consequence}: ${errors.map(({ message }) => message).join('; ')}`;
  throw new ProblemError(409, 'batch-refused', detail, { errors, hint: 'leave out what is named' });
}
