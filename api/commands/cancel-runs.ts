import type { CancelledRun } from '#core/rest-batch.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { finishAll, orRefusal } from './batch.ts';
import { refuseEnded } from './refusal.ts';
import { findRefusal, refuseBatch, requireRuns } from './run-batch.ts';
import { sendUpdate } from './send.ts';

type Canceller = Pick<Call, 'data' | 'owner' | 'principal' | 'request'>;

/**
 * Cancels runs together: when one of them has ended none is sent (UI §9). What the workflows say afterwards, each for
 * itself, is told by run. `id` is that of the write.
 */
export async function cancelRuns(
  context: ApiContext,
  ids: readonly string[],
  canceller: Canceller,
  id: string,
): Promise<CancelledRun[]> {
  const runs = await requireRuns(canceller, ids);
  const refusals = await Promise.all(
    runs.map(({ index, item: run }) =>
      findRefusal(index, async () => {
        if (run.statusKind === 'ended') throw refuseEnded(run.label);
      }),
    ),
  );
  refuseBatch(refusals.flat(), 'none was cancelled');
  return finishAll(runs.map(({ item }) => cancel(context, item, canceller, id, runs.length)));
}

async function cancel(
  context: ApiContext,
  run: RunWithNames,
  canceller: Canceller,
  id: string,
  together: number,
): Promise<CancelledRun> {
  const { label } = run;
  const by = canceller.principal.actor;
  const sent = await orRefusal(sendUpdate(context, run, { id, name: 'cancelRun', args: [{ id, by, force: false }] }));
  if (sent instanceof ProblemError) {
    const requestId = canceller.request.get('requestId');
    return { id: run.id, label, state: 'refused', problem: { ...sent.problem, requestId } };
  }
  await canceller.data((scoped) =>
    recordAudit(scoped, canceller, {
      ...{ action: 'run.cancel', owner: run, object: { kind: 'run', id: run.id, name: label } },
      detail: { force: false, together },
    }),
  );
  if (sent.kind === 'pending') return { id: run.id, label, state: 'pending', command: sent.command.id };
  return { id: run.id, label, state: 'accepted' };
}
