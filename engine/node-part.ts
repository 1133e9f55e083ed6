import type { ChildMessage, EngineEnvironment } from '#core/engine-file.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { parseChildMessage } from './child-message.ts';
import { keepTail } from './log-tail.ts';
import { listNodeFlags } from './node-flags.ts';
import { type Part, spawnPart } from './part.ts';
import type { Environment } from './places.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { RotatingLog } from './rotating-log.ts';
import type { Generation } from './supervisor-options.ts';

/** One start of the worker or the API. */
export interface NodeStart {
  role: 'worker' | 'api';
  generation: Generation;
  environment: Environment;
  /** What the embedded engine gives its processes. */
  engine: Partial<EngineEnvironment>;
  log: RotatingLog;
  onMessage: (message: ChildMessage) => void;
  onSpawn: (identity: ProcessIdentity) => void;
  readyWithinMs: number;
}

/**
 * Starts an entry file in a Node of its own with a channel to us. It waits for its servers itself, says `ready` once it
 * serves, and ends when the channel closes. `fatal` is its last word about what no restart can cure.
 */
export function startNodePart(start: NodeStart): Part {
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  const entry = start.generation.entries[start.role];
  const log = keepTail(start.log);
  let isFatal = false;
  const spawned = spawnPart(
    {
      role: start.role,
      command: start.generation.execPath,
      args: [...listNodeFlags(start.role, entry), entry],
      environment: { ...start.environment, ...start.engine },
      log,
      // The stages of a worker go on without it, so nobody waits long for one that does not leave.
      endingSteps: [
        { signal: 'SIGTERM', waitMs: 2_000 },
        { signal: 'SIGKILL', waitMs: 5_000 },
      ],
      onMessage: (raw) => {
        const message = parseChildMessage(raw);
        if (message === null) return start.log.write(`unknown message: ${JSON.stringify(raw)}\n`);
        if (message.kind === 'ready') ready.resolve();
        if (message.kind === 'fatal') {
          isFatal = true;
          ready.reject(fatalFault(message));
        }
        start.onMessage(message);
      },
    },
    start.onSpawn,
  );
  const timer = setTimeout(() => void spawned.stop(), start.readyWithinMs);
  void ready.promise.finally(() => clearTimeout(timer)).catch(() => undefined);
  void spawned.exited.then((how) => {
    if (!isFatal) ready.reject(startFault(start, findError(log.tail()) ?? how));
  });
  return {
    role: start.role,
    ...spawned,
    address: start.role === 'api' ? (start.engine.BUILDIT_SOCKET ?? '') : '',
    version: start.generation.version,
    ready: ready.promise,
  };
}

function fatalFault(message: { code: string; message: string }): FaultError {
  return new FaultError({ code: message.code, message: message.message, retry: NO_RETRY });
}

/** The line of an uncaught error in what Node printed about it. */
function findError(tail: string): string | null {
  return tail.split('\n').findLast((line) => /^(Uncaught )?\w*Error\b.*: /.test(line)) ?? null;
}

function startFault(start: NodeStart, how: string): FaultError {
  return new FaultError({
    code: 'engine-start',
    message: `The ${start.role} ended before it served`,
    cause: how,
    fix: `read ${start.log.path}`,
    retry: { kind: 'yes', afterMs: 0 },
  });
}
