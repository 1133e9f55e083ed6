import type { RerunRunsRequest } from '#core/rest-batch.ts';
import type { RunObject } from '#core/rest.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import type { Scoped } from '#db/scope.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { auditedOver } from '../audit/refused-object.ts';
import { findRefusal, refuseBatch, requireRuns, type Refusal } from '../commands/run-batch.ts';
import type { ApiContext } from '../context.ts';
import type { Call } from '../route.ts';
import { rerun } from './rerun.ts';

type Starter = Pick<Call, 'data' | 'owner' | 'principal' | 'request'>;

/**
 * Runs several again, in one transaction: when one cannot, none is (UI §9). `refuse` says of a run whether it is one
 * that the caller may repeat at all; `keep` is called with the new runs in the transaction.
 */
export async function rerunRuns(
  context: ApiContext,
  { runs: ids, kind }: RerunRunsRequest,
  starter: Starter,
  refuse: (run: RunWithNames) => void,
  keep: (scoped: Scoped, created: RunObject[]) => Promise<void>,
): Promise<RunObject[]> {
  const runs = await requireRuns(starter, ids);
  // Numbers are locked as they are drawn: two batches with the same runs take them in one order.
  const inOrder = runs.toSorted(({ item: left }, { item: right }) => (left.id < right.id ? -1 : 1));
  const created = await starter.data(async (scoped) => {
    const refusals: Refusal[] = [];
    const objects: { index: number; object: RunObject }[] = [];
    // Briefly as well: in a transaction of its own each would stay when another is refused.
    const data = <Result>(work: (inner: Scoped) => Promise<Result>) => work(scoped);
    const inside = { ...starter, data, dataBriefly: data };
    for (const { index, item: run } of inOrder) {
      const repeat = async () => {
        const about = { kind: 'run', id: run.id, name: run.label };
        await auditedOver(run, about, () => refuse(run));
        const object = await rerun(context, run, { kind }, inside, (_, made) =>
          recordRerun(scoped, starter, run, made),
        );
        objects.push({ index, object });
      };
      refusals.push(...(await findRefusal(index, repeat)));
    }
    refuseBatch(
      refusals.toSorted((left, right) => left.index - right.index),
      'none was run again',
    );
    const items = objects.toSorted((left, right) => left.index - right.index).map(({ object }) => object);
    await keep(scoped, items);
    return items;
  });
  // They can be seen only now.
  context.nudgeRelay();
  return created;
}

async function recordRerun(scoped: Scoped, starter: Starter, run: RunWithNames, made: RunObject): Promise<void> {
  await recordAudit(scoped, starter, {
    ...{ action: 'run.rerun', owner: run, object: { kind: 'run', id: made.id, name: made.label } },
    detail: { of: run.label },
  });
}
