import { type Fault, FaultError, NO_RETRY } from '#core/fault.ts';
import type { ExitCode } from '../exit.ts';

/** A fault that ends the command, with its exit code. Recognised by shape, like every fault. */
export class CommandError extends FaultError {
  readonly exit: ExitCode;
  constructor(exit: ExitCode, fault: Omit<Fault, 'retry'>) {
    super({ ...fault, retry: NO_RETRY });
    this.name = 'CommandError';
    this.exit = exit;
  }
}

/** The exit code inside a thrown value, or null. */
export function exitOf(thrown: unknown): ExitCode | null {
  if (typeof thrown !== 'object' || thrown === null || !('exit' in thrown)) return null;
  return typeof thrown.exit === 'number' ? (thrown.exit as ExitCode) : null;
}
