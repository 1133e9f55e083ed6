import type { Activities } from '../contract.ts';
import type { EnvironmentRecords } from '../record/port.ts';
import { toFailure } from '../stage/failure.ts';

/** What the lock of an environment says to a stage that is about to deliver there. */
export function createFindEnvironment(records: EnvironmentRecords): Activities['findEnvironment'] {
  return async ({ runId, environment }) => {
    try {
      const found = await records.findEnvironment(runId, environment);
      if (found === null) return { kind: 'unknown' };
      return found.lock ? { kind: 'locked', by: found.lock.by, reason: found.lock.reason } : { kind: 'open' };
    } catch (error) {
      throw toFailure(error);
    }
  };
}
