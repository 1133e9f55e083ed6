import { openDatabase } from '#db/client.ts';
import type { Activities } from '../contract.ts';
import { createAttemptRecords } from './attempt-records.ts';
import { createClaimRecords } from './claim-records.ts';
import type { AttemptRecords, ClaimRecords } from './port.ts';
import { createRunRecords } from './run-records.ts';

/** All writing into the read model, on one pool. */
export interface Records {
  attempts: AttemptRecords;
  claims: ClaimRecords;
  runs: Pick<Activities, 'claimRun' | 'recordBatch'>;
  close(): Promise<void>;
}

/** Nothing connects before the first write. `onRunEnded`: see {@link createRunRecords}. */
export function openRecords(databaseUrl: string, onRunEnded?: (runId: string) => Promise<void>): Records {
  const database = openDatabase(databaseUrl, { name: 'buildit-worker' });
  return {
    attempts: createAttemptRecords(database),
    claims: createClaimRecords(database),
    runs: createRunRecords(database, onRunEnded),
    close: () => database.end({ timeout: 1 }),
  };
}
