import type { Database } from '#db/client.ts';
import { claimRun } from '#db/queries/claim-run.ts';
import { recordBatch } from '#db/queries/record-batch.ts';
import type { Activities } from '../contract.ts';

/** The activities by which the workflow itself writes. */
export function createRunRecords(database: Database): Pick<Activities, 'claimRun' | 'recordBatch'> {
  return {
    claimRun: (input) => claimRun(database, input),
    recordBatch: (batch) => recordBatch(database, batch),
  };
}
