import { withPatience } from '#db/away.ts';
import { openDatabase } from '#db/client.ts';
import { growRun } from '#db/queries/grow-run.ts';
import { findRunEnvironment } from '#db/queries/run-environments.ts';
import { takePlace } from '#db/queries/slots.ts';
import type { RunnerRecords } from '../runner/port.ts';
import { createAttemptRecords } from './attempt-records.ts';
import { createCacheRecords } from './cache-records.ts';
import { type ChildRecords, createChildRecords } from './child-records.ts';
import { createClaimRecords } from './claim-records.ts';
import { PATIENCE_MS } from './patience.ts';
import type {
  AttemptRecords,
  CacheRecords,
  ClaimRecords,
  EnvironmentRecords,
  GrowthRecords,
  PlaceRecords,
} from './port.ts';
import { createRunRecords, type RunRecords } from './run-records.ts';
import { createRunnerRecords } from './runner-records.ts';

/** All writing into the read model, on one pool. */
export interface Records {
  attempts: AttemptRecords;
  caches: CacheRecords;
  claims: ClaimRecords;
  places: PlaceRecords;
  growth: GrowthRecords;
  children: ChildRecords;
  environments: EnvironmentRecords;
  runs: RunRecords;
  runners: RunnerRecords;
  close(): Promise<void>;
}

/** Nothing connects before the first write. `onRunEnded`: see {@link createRunRecords}. */
export function openRecords(
  databaseUrl: string,
  isOnlyHost: boolean,
  onRunEnded: (runId: string) => Promise<void>,
): Records {
  const database = openDatabase(databaseUrl, { name: 'buildit-worker' });
  return {
    attempts: createAttemptRecords(database),
    caches: createCacheRecords(database),
    claims: createClaimRecords(database),
    places: { takePlace: (attempt) => withPatience(() => takePlace(database, attempt), PATIENCE_MS) },
    children: createChildRecords(database),
    growth: { growRun: (runId, growth) => withPatience(() => growRun(database, runId, growth), PATIENCE_MS) },
    environments: {
      findEnvironment: (runId, name) => withPatience(() => findRunEnvironment(database, runId, name), PATIENCE_MS),
    },
    runs: createRunRecords(database, isOnlyHost, onRunEnded),
    runners: createRunnerRecords(database),
    close: () => database.end({ timeout: 1 }),
  };
}
