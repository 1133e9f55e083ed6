/**
 * Where a test may end a process, by the process that comes there. What each must leave behind is in docs/durability.md;
 * `test/faults` ends each at every one of them.
 */
export const CRASH_POINTS = {
  /** The supervisor has the lock of its data folder and has done nothing yet. */
  'engine-locked': 'supervisor',
  /** It has started the first process of its engine and written it down. */
  'engine-part-spawned': 'supervisor',
  /** Its engine serves; no command has been told so. */
  'engine-before-open': 'supervisor',
  /** A trigger is understood; nothing of its run is written. */
  'run-before-commit': 'api',
  /** The run is accepted; nobody was answered. */
  'run-after-commit': 'api',
  /** The relay holds a row of the outbox. */
  'workflow-before-start': 'api',
  /** The workflow is started; its row of the outbox is still there. */
  'workflow-after-start': 'api',
  /** A step of the workflow is to be written into the read model. */
  'record-before-commit': 'control',
  /** It is written; the workflow does not know. */
  'record-after-commit': 'control',
  /** A place of a group is asked for; its lock has not heard of it. */
  'lock-before-ask': 'control',
  /** The lock has heard; the workflow does not know. */
  'lock-after-ask': 'control',
  /** The run is the host's; nothing of it is there. */
  'host-after-claim': 'host',
  /** What its stages share is there. */
  'host-after-open': 'host',
  'stage-before-create': 'host',
  /** Container or folder are there; no step has begun. */
  'stage-before-start': 'host',
  /** It runs; no heartbeat has said so since. */
  'stage-after-start': 'host',
  /** A part of its output is stored; the next is not. */
  'log-after-flush': 'host',
  /** Its program is over; nothing was collected. */
  'stage-before-collect': 'host',
  /** All chunks of a cache's entry are stored. */
  'cache-before-manifest': 'host',
  /** All of its output is stored; its log is still open. */
  'log-before-manifest': 'host',
  /** All chunks of an artifact are stored. */
  'artifact-before-manifest': 'host',
  'result-before-commit': 'host',
  /** The result is on record; the workflow does not know. */
  'result-after-commit': 'host',
  /** The attempt is over and known; its container is to go. */
  'stage-before-remove': 'host',
  /** Nothing of the run is left on the host, which is still claimed. */
  'host-before-release': 'host',
} as const satisfies Record<string, 'supervisor' | 'api' | 'control' | 'host'>;

export type CrashPoint = keyof typeof CRASH_POINTS;

/** Says that this process is at a point. It may not come back from there. */
export type ReachPoint = (point: CrashPoint) => void;

/** What every process does but those of a test. */
export const reachNothing: ReachPoint = () => {};

export function isCrashPoint(text: string): text is CrashPoint {
  return Object.hasOwn(CRASH_POINTS, text);
}

/** The points of a port's verbs: what is reached when one is called, and when it has done its work. */
export type VerbPoints<Port> = { [Verb in keyof Port]?: { before?: CrashPoint; after?: CrashPoint } };

/** The port with points at its verbs, which must be asynchronous; the port itself where nothing is ever reached. */
export function addPoints<Port extends object>(port: Port, points: VerbPoints<Port>, reach: ReachPoint): Port {
  if (reach === reachNothing) return port;
  return new Proxy(port, {
    get(target, name) {
      const verb: unknown = Reflect.get(target, name);
      const at = points[name as keyof Port];
      if (at === undefined || typeof verb !== 'function') return verb;
      return async (...input: unknown[]): Promise<unknown> => {
        if (at.before) reach(at.before);
        const result: unknown = await Reflect.apply(verb, target, input);
        if (at.after) reach(at.after);
        return result;
      };
    },
  });
}
