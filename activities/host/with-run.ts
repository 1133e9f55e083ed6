import { setTimeout as delay } from 'node:timers/promises';
import type { Activities } from '../contract.ts';
import type { RunRecords } from '../record/run-records.ts';

/** Of a local activity's half minute. */
const LIMIT_MS = 15_000;

/**
 * Where a worker is the only host, a run's claim opens it and its end leaves it: each local activity less is a turn of the
 * workflow and an event of its history. What cannot be opened is opened by the workflow, which tells the stage why not;
 * what could not be left is the reaper's.
 */
export function openHostWithRun(
  runs: RunRecords,
  host: Pick<Activities, 'openHost' | 'closeHost'>,
  report: (error: unknown, what: string) => void,
): Pick<Activities, 'claimRun' | 'recordBatch'> {
  return {
    async claimRun(input) {
      const claim = await runs.claimRun(input);
      if (!claim.isOurs || !claim.isOnlyHost || !input.opens) return claim;
      const { runId } = input;
      return within(host.openHost({ runId, ...input.opens })).then(
        (opened) => ({ ...claim, host: opened }),
        (error: unknown) => {
          report(error, `open the host of ${runId}`);
          return claim;
        },
      );
    },
    async recordBatch(batch) {
      await runs.recordBatch(batch);
      const { runId, leaves: hostId } = batch;
      if (hostId === undefined) return;
      await within(host.closeHost({ runId, hostId })).catch((error: unknown) =>
        report(error, `leave the host of ${runId}`),
      );
    },
  };
}

/** What takes longer than a local activity may is not waited for. */
async function within<Result>(work: Promise<Result>): Promise<Result> {
  const waiting = new AbortController();
  const late = delay(LIMIT_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`not done after ${LIMIT_MS / 1_000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}
