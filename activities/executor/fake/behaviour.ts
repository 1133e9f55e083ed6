import type { Fault } from '#core/fault.ts';
import type { PullProgress } from '#core/image-pull.ts';
import type { TOLD_FILES } from '../exchange.ts';
import type { AttemptSpec } from '../port.ts';

/** How a fake attempt behaves; everything absent means: prints nothing and passes at once. */
export interface FakeBehaviour {
  /** Printed in the first step. */
  output?: Uint8Array;
  /** Content of `$BUILDIT_OUTPUT`. */
  outputs?: string;
  /** Content of the other files it hands something over in. */
  exchange?: Partial<Record<(typeof TOLD_FILES)[number], string>>;
  exitCode?: number;
  /** Time between begin and end. */
  durationMs?: number;
  /** Runs until it is stopped. */
  hang?: boolean;
  /** Only SIGKILL ends it. */
  ignoresTerm?: boolean;
  outOfMemory?: boolean;
  /** Ends without its last mark, as after a kill from outside. */
  isKilled?: boolean;
  lostContact?: boolean;
  /** Workspace files at the end, for artifacts. */
  files?: Record<string, string>;
  /** Thrown by `start`, one a call, before anything exists. */
  startFaults?: Fault[];
  /** Told by the first `start`, before anything exists. */
  pulls?: PullProgress[];
  /** `start` waits for something that never comes (an image), until it is aborted. */
  stallsStart?: boolean;
  /** Thrown by `follow`, one a call, after half of the output. */
  followFaults?: Fault[];
  /** How long `follow` holds on before it ends, by a fault or with the program. */
  holdMs?: number;
}

/** How a fake service behaves; everything absent means: prints nothing, is ready at once and stays. */
export interface FakeServiceBehaviour {
  /** Digest of its image. */
  image?: string;
  output?: Uint8Array;
  /** Looks at it before it is ready; Infinity for never. */
  readyAfterChecks?: number;
  endsAfterMs?: number;
  exitCode?: number;
  startFault?: Fault;
}

/** What decides when nothing was said for the stage: its environment, so that a plan alone can steer (benchmarks). */
export function readBehaviour(env: AttemptSpec['env']): FakeBehaviour {
  const behaviour: FakeBehaviour = {};
  if (env['FAKE_EXIT'] !== undefined) behaviour.exitCode = Number(env['FAKE_EXIT']);
  if (env['FAKE_MS'] !== undefined) behaviour.durationMs = Number(env['FAKE_MS']);
  if (env['FAKE_PRINT'] !== undefined) behaviour.output = Buffer.from(env['FAKE_PRINT']);
  if (env['FAKE_BYTES'] !== undefined) behaviour.output = Buffer.alloc(Number(env['FAKE_BYTES']), 'fake output\n');
  if (env['FAKE_OUTPUTS'] !== undefined) behaviour.outputs = env['FAKE_OUTPUTS'];
  if (env['FAKE_HANG'] !== undefined) behaviour.hang = true;
  if (env['FAKE_OOM'] !== undefined) behaviour.outOfMemory = true;
  return behaviour;
}
