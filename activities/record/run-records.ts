import type { Database } from '#db/client.ts';
import { claimRun } from '#db/queries/claim-run.ts';
import { recordBatch } from '#db/queries/record-batch.ts';
import type { Activities, RunClaim } from '../contract.ts';

export type RunRecords = Pick<Activities, 'recordBatch'> & {
  claimRun(input: Parameters<Activities['claimRun']>[0]): Promise<RunClaim>;
};

/**
 * The activities by which the workflow itself writes. `isOnlyHost`: see `RunClaim`. `onRunEnded` is called after the end
 * of a run is written, again if that is repeated: its sealed secrets go then (ENGINE 15).
 */
export function createRunRecords(
  database: Database,
  isOnlyHost: boolean,
  onRunEnded: (runId: string) => Promise<void> = async () => {},
): RunRecords {
  return {
    claimRun: async (input) => ({ isOurs: await claimRun(database, input), isOnlyHost }),
    async recordBatch(batch) {
      await recordBatch(database, batch);
      if (batch.run?.kind === 'ended') await onRunEnded(batch.runId);
    },
  };
}
