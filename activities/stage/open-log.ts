import { faultOf } from '#core/fault.ts';
import { handleName } from '#core/ids.ts';
import type { StagePlan } from '#core/plan.ts';
import type { LogIndex, LogKey, LogStore, LogWriter } from '#store/log/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { Handle } from '../executor/port.ts';
import { type AttemptOutput, createAttemptOutput, type OutputFacts } from './attempt-output.ts';
import { createLogMatcher, type LogMatcher } from './log-match.ts';
import type { Progress } from './progress.ts';
import type { ResolvedStage } from './resolve-stage.ts';

/** The log of one attempt over the time this worker drives it. */
export interface AttemptLog {
  rawBytes(): number;
  /** What of it is stored, as far as this worker knows. */
  durable(): { bytes: number; lines: number };
  open(handle: Handle, resolved: ResolvedStage): Promise<AttemptOutput>;
  /** Says in the log that the rest is not there, and why. */
  breakOff(cause: string): Promise<void>;
  /** A line of ours, which counts as none of the program's bytes. */
  note(line: string): Promise<void>;
  /** All of the program's output is in: what its last marks said. Null when the log was never opened. */
  finish(): Promise<OutputFacts | null>;
  /** Ends it for good. Null when it was never opened. */
  end(): Promise<{ index: LogIndex; facts: OutputFacts; logMatches: number[] } | null>;
  /** Makes everything durable and lets go. May be called at any time, also after `end`. */
  release(): Promise<void>;
  /** Whether it was ever released for a reset. */
  wasReset(): Promise<boolean>;
  /** As `release`; what comes after is the output of a new program, from its first byte. */
  releaseForReset(): Promise<void>;
}

/**
 * An attempt's log is one, however often an operator resets its activity: what the programs before printed stays, a gap
 * says that another one began, and an object beside the plan notes how many raw bytes were theirs.
 */
export function openAttemptLog(
  { logs, objects }: { logs: LogStore; objects: Pick<ObjectStore, 'get' | 'put'> },
  key: LogKey,
  stage: Pick<StagePlan, 'steps' | 'retry'>,
  progress: Progress,
): AttemptLog {
  const baseKey = `resets/${handleName(key.runId, key.stage, key.attempt)}`;
  let writer: LogWriter | null = null;
  let output: AttemptOutput | null = null;
  let matcher: LogMatcher | null = null;
  let stored = { bytes: 0, lines: 0 };

  return {
    rawBytes: () => output?.rawBytes() ?? 0,
    durable: () => stored,
    async open(handle, { spec, secrets }) {
      writer = await logs.write(key, {
        masks: Object.values(secrets),
        startedAt: Date.parse(handle.startedAt),
        onDurable(state) {
          stored = state;
          progress.log(state);
        },
      });
      matcher = createLogMatcher(stage.retry);
      // A predecessor's part was matched by nobody who still lives.
      if (matcher !== null && writer.raw > 0) {
        for await (const bytes of logs.readBytes(key, 0, Number.MAX_SAFE_INTEGER)) matcher.push(bytes);
      }
      const titles = stage.steps.map((step) => step.title);
      const before = writer.raw > 0 ? await readBase(objects, baseKey) : 0;
      output = createAttemptOutput(writer, { nonce: spec.nonce, titles, matcher, before });
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
    async note(line) {
      if (writer !== null) await say(writer, `${output?.endsMidLine() ? '\n' : ''}buildit: ${line}\n`);
    },
    finish: async () => (await output?.finish()) ?? null,
    async end() {
      if (writer === null || output === null) return null;
      const facts = await output.finish();
      const index = await writer.end();
      writer = null;
      progress.log({ bytes: index.bytes, lines: index.lines });
      return { index, facts, logMatches: matcher?.finish() ?? [] };
    },
    release,
    wasReset: async () => (await objects.get(baseKey)) !== null,
    async releaseForReset() {
      // Nobody opened it here, but an earlier worker may have written.
      writer ??= await logs.write(key, { masks: [], startedAt: Date.now(), onDurable: () => undefined });
      const held = writer;
      if (held.raw > 0 || output !== null) await held.gap({ bytes: 0, cause: 'the stage was reset and begins anew' });
      await release();
      await objects.put(baseKey, Buffer.from(String(held.raw)));
    },
  };

  async function release(): Promise<void> {
    const held = writer;
    writer = null;
    await held?.release();
  }
}

async function say(writer: LogWriter, text: string): Promise<void> {
  try {
    await writer.append(Buffer.from(text), 0);
  } catch (error) {
    // A predecessor ended it: it has said so, too.
    if (faultOf(error)?.code !== 'log-ended') throw error;
  }
}

/** Raw bytes of a log that were another program's, one that was reset. */
export async function readBase(objects: Pick<ObjectStore, 'get'>, key: string): Promise<number> {
  const bytes = await objects.get(key);
  return bytes === null ? 0 : Number(Buffer.from(bytes).toString('utf8'));
}
