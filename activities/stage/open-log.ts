import { faultOf } from '#core/fault.ts';
import type { StagePlan } from '#core/plan.ts';
import type { LogIndex, LogKey, LogStore, LogWriter } from '#store/log/port.ts';
import type { Handle } from '../executor/port.ts';
import { type AttemptOutput, createAttemptOutput, type OutputFacts } from './attempt-output.ts';
import { createLogMatcher, type LogMatcher } from './log-match.ts';
import type { Progress } from './progress.ts';
import type { ResolvedStage } from './resolve-stage.ts';

/** The log of one attempt over the time this worker drives it. */
export interface AttemptLog {
  rawBytes(): number;
  open(handle: Handle, resolved: ResolvedStage): Promise<AttemptOutput>;
  /** Says in the log that the rest is not there, and why. */
  breakOff(cause: string): Promise<void>;
  /** Ends it for good. Null when it was never opened. */
  end(): Promise<{ index: LogIndex; facts: OutputFacts; logMatches: number[] } | null>;
  /** Makes everything durable and lets go. May be called at any time, also after `end`. */
  release(): Promise<void>;
}

export function openAttemptLog(
  logs: LogStore,
  key: LogKey,
  stage: Pick<StagePlan, 'steps' | 'retry'>,
  progress: Progress,
): AttemptLog {
  let writer: LogWriter | null = null;
  let output: AttemptOutput | null = null;
  let matcher: LogMatcher | null = null;

  return {
    rawBytes: () => output?.rawBytes() ?? 0,
    async open(handle, { spec, secrets }) {
      writer = await logs.write(key, {
        masks: Object.values(secrets),
        startedAt: Date.parse(handle.startedAt),
        onDurable: (state) => progress.log(state),
      });
      matcher = createLogMatcher(stage.retry);
      // A predecessor's part was matched by nobody who still lives.
      if (matcher !== null && writer.raw > 0) {
        for await (const bytes of logs.readBytes(key, 0, Number.MAX_SAFE_INTEGER)) matcher.push(bytes);
      }
      const titles = stage.steps.map((step) => step.title);
      output = createAttemptOutput(writer, { nonce: spec.nonce, titles, matcher });
      return output;
    },
    async breakOff(cause) {
      try {
        await writer?.gap({ bytes: 0, cause });
      } catch (error) {
        // A predecessor ended it: then everything is there already.
        if (faultOf(error)?.code !== 'log-ended') throw error;
      }
    },
    async end() {
      if (writer === null || output === null) return null;
      const facts = await output.finish();
      const index = await writer.end();
      writer = null;
      progress.log({ bytes: index.bytes, lines: index.lines });
      return { index, facts, logMatches: matcher?.finish() ?? [] };
    },
    async release() {
      const held = writer;
      writer = null;
      await held?.release();
    },
  };
}
