/**
 * A fault is ours, never the user's: it makes a stage or a run `errored`, or a command
 * end with exit 3 or 7. Its code is a stable kebab-case string that survives
 * serialization and has a page (`buildit help CODE`).
 */
export interface Fault {
  code: string;
  /** One sentence: what happened. */
  message: string;
  /** What the system said, e.g. `connect ENOENT`. */
  cause?: string;
  /** What the reader does next. */
  fix?: string;
  /** Whether the same act may simply be tried again by the engine. */
  retry: RetryDecision;
}

export type RetryDecision = { kind: 'no' } | { kind: 'yes'; afterMs: number };

export const NO_RETRY: RetryDecision = { kind: 'no' };

/** An Error that carries a {@link Fault}; recognised by shape (`fault`), not by `instanceof`. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'FaultError';
    this.fault = fault;
  }
}

/** The fault inside an unknown thrown value, or null. Works across realms and serializations. */
export function faultOf(thrown: unknown): Fault | null {
  if (typeof thrown !== 'object' || thrown === null || !('fault' in thrown)) return null;
  const fault = thrown.fault;
  if (typeof fault !== 'object' || fault === null || !('code' in fault)) return null;
  return fault as Fault;
}

/** Any thrown value as a fault; what is unknown becomes `internal` with the message as cause. */
export function toFault(thrown: unknown): Fault {
  const known = faultOf(thrown);
  if (known) return known;
  return {
    code: 'internal',
    message: 'BuildIt ran into an error of its own',
    cause: thrown instanceof Error ? thrown.message : String(thrown),
    retry: NO_RETRY,
  };
}
