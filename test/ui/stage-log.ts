import type { ArtifactReference } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import type { RunObject } from '#core/rest.ts';
import { type AttemptReport, NO_REPORT } from '#core/test-report.ts';
import { recordAttemptEnd, recordAttemptStart, recordLog } from '#db/queries/record-attempt.ts';
import type { LogWriter } from '#store/log/port.ts';
import type { TestApi } from '#test/env/api.ts';

interface Kept {
  report: AttemptReport;
  artifacts: ArtifactReference[];
}

/** The log of a stage's first attempt, written as the worker writes it. */
export interface StageLog {
  writer: LogWriter;
  append(text: string | Uint8Array): Promise<void>;
  /** A step around what is appended inside. */
  step(title: string, exitCode: number | null, write: () => Promise<void>): Promise<void>;
  /** Ends the attempt, with what it kept and reported. */
  end(ending: Extract<Ending, 'passed' | 'failed'>, kept?: Partial<Kept>): Promise<void>;
}

export async function writeStageLog(api: TestApi, run: Pick<RunObject, 'id'>, stage: string): Promise<StageLog> {
  const key = { runId: run.id, stage, attempt: 1, version: 1 };
  const startedAt = new Date().toISOString();
  await recordAttemptStart(api.database, key, { startedAt, hostId: 'h' });
  let telling = Promise.resolve();
  const writer = await api.context.stores.logs.write(key, {
    masks: [],
    startedAt: Date.parse(startedAt),
    onDurable: (log) => {
      telling = telling.then(() => recordLog(api.database, key, log));
    },
  });
  let steps = 0;
  return {
    writer,
    append(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      return writer.append(bytes, bytes.byteLength);
    },
    async step(title, exitCode, write) {
      const step = ++steps;
      await writer.mark({ kind: 'step-start', step, title }, 0);
      await write();
      if (exitCode !== null) await writer.mark({ kind: 'step-end', step, exitCode, durationMs: 4_200 }, 0);
    },
    async end(ending, { report = NO_REPORT, artifacts = [] } = {}) {
      const { bytes, lines } = await writer.end();
      await telling;
      const exitCode = ending === 'passed' ? 0 : 1;
      await recordAttemptEnd(api.database, key, {
        result: {
          ...{ attempt: 1, ending, exitCode, started: true, logMatches: [], faultCode: null, step: null },
          ...{ reason: null, fault: null, outputs: {}, artifacts: [], startedAt, endedAt: new Date().toISOString() },
        },
        settlement: { kind: 'ended', ending },
        log: { bytes, lines },
        artifacts: artifacts.map((reference) => ({ reference, expiresAt: null })),
        report,
      });
    },
  };
}

export const MILLION = 1_000_000;

/** Line `n` of the long log: its text, 90 bytes, with two escape sequences. */
export function longLine(n: number): string {
  return `2026-11-22T20:58:22 [\u001b[36mINFO\u001b[0m] line ${n} compiled src/components/thing-${n}.ts in ${n % 97} ms`;
}

/** A log of 1,000,000 lines, some 90 MB: one step that passed. */
export async function writeMillionLines(log: StageLog): Promise<void> {
  await log.step('npm run build', 0, async () => {
    for (let first = 1; first <= MILLION; first += 10_000) {
      await log.append(Array.from({ length: 10_000 }, (_, index) => `${longLine(first + index)}\n`).join(''));
    }
  });
  await log.end('passed');
}
