import { condition } from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { NodeResult, RunInput } from '#core/run.ts';
import { local } from './activities.ts';
import { resultWithout, type Book } from './book.ts';
import type { Recorder } from './recorder.ts';
import { nowIso } from './self.ts';

/** Whoever takes a lock away tells who waits; this is for when that was lost. */
const LOOK_AGAIN_MS = 10 * 60_000;

interface Parts {
  input: RunInput;
  book: Book;
  recorder: Recorder;
  /** Stages that were told to look again. */
  given: Set<string>;
}

/** Waits while the environment of a stage is locked. Null when it may go on; else how the stage ends. */
export async function awaitEnvironment(
  { input, book, recorder, given }: Parts,
  stage: string,
  environment: string,
): Promise<NodeResult | null> {
  const since = nowIso();
  for (;;) {
    const found = await local.findEnvironment({ runId: input.runId, environment });
    switch (found.kind) {
      case 'open':
        return null;
      case 'unknown': {
        const message = `there is no environment "${environment}"`;
        return resultWithout('failed', { code: 'environment-unknown', message, values: { environment } });
      }
      case 'locked': {
        const { by, reason: why } = found;
        const message = `the environment "${environment}" is locked by ${by}: ${why}`;
        const reason: Reason = { code: 'environment-locked', message, values: { environment, by } };
        book.setStatus(stage, { kind: 'queued', since, reason });
        recorder.poke();
        await condition(() => given.delete(stage), LOOK_AGAIN_MS, { summary: message });
        break;
      }
      default:
        found satisfies never;
    }
  }
}
