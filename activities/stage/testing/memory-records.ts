import type { AttemptResult } from '#core/attempt.ts';
import { FaultError } from '#core/fault.ts';
import type { AttemptEnd, AttemptKey, AttemptRecords, RunContext } from '../../record/port.ts';

export interface MemoryRecords extends AttemptRecords {
  contexts: Map<string, RunContext>;
  ends: Map<string, AttemptEnd>;
  /** Names of the writes, in order: `started build 1`. */
  writes: string[];
  /** By run and stage, ms. */
  extensions: Map<string, number>;
  /** Thrown by the next write of an end. */
  endFaults: FaultError[];
}

/** Records without a database, for tests of what writes them: the first end of an attempt stands. */
export function createMemoryRecords(): MemoryRecords {
  const contexts = new Map<string, RunContext>();
  const ends = new Map<string, AttemptEnd>();
  const starts = new Map<string, string>();
  const writes: string[] = [];
  const extensions = new Map<string, number>();
  const endFaults: FaultError[] = [];
  const nameOf = (key: Omit<AttemptKey, 'version'>): string => `${key.runId} ${key.stage} ${key.attempt}`;
  const note = (what: string, key: AttemptKey): void => void writes.push(`${what} ${key.stage} ${key.attempt}`);
  return {
    contexts,
    ends,
    writes,
    extensions,
    endFaults,
    async findRunContext(runId) {
      const context = contexts.get(runId);
      if (context) return context;
      throw new FaultError({ code: 'run-unknown', message: `There is no run ${runId}`, retry: { kind: 'no' } });
    },
    findAttemptResult: async (key): Promise<AttemptResult | null> => ends.get(nameOf(key))?.result ?? null,
    findAttemptStart: async (key) => starts.get(nameOf(key)) ?? null,
    findExtension: async ({ runId, stage }) => extensions.get(`${runId} ${stage}`) ?? 0,
    async attemptStarted(key, { startedAt }) {
      starts.set(nameOf(key), startedAt);
      note('started', key);
    },
    attemptHeld: async (key) => note('held', key),
    attemptPreparing: async (key, reason) => note(`${reason.message} for`, key),
    countShells: async () => ({ open: 0, ended: 0 }),
    findStageTask: () => Promise.reject(new Error('no terminals here')),
    attemptHeartbeat: async (key) => note('heartbeat', key),
    attemptLog: async (key) => note('log', key),
    async attemptEnded(key, end) {
      const fault = endFaults.shift();
      if (fault) throw fault;
      const standing = ends.get(nameOf(key)) ?? end;
      ends.set(nameOf(key), standing);
      note('ended', key);
      return standing.result;
    },
  };
}
