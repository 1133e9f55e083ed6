import type { ArtifactReference, Reason } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import type { RunObject } from '#core/rest.ts';
import { type AttemptReport, NO_REPORT } from '#core/test-report.ts';
import { recordAttemptEnd, recordAttemptStart, recordLog } from '#db/queries/record-attempt.ts';
import type { LogWriter } from '#store/log/port.ts';
import type { TestApi } from '#test/env/api.ts';

interface Kept {
  report: AttemptReport;
  artifacts: ArtifactReference[];
  reason: Reason | null;
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
    async end(ending, { report = NO_REPORT, artifacts = [], reason = null } = {}) {
      const { bytes, lines } = await writer.end();
      await telling;
      const exitCode = ending === 'passed' ? 0 : 1;
      await recordAttemptEnd(api.database, key, {
        result: {
          ...{ attempt: 1, ending, exitCode, started: true, logMatches: [], faultCode: null, step: null },
          ...{ reason, fault: null, outputs: {}, artifacts: [], startedAt, endedAt: new Date().toISOString() },
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

/** Markup, links, bytes that are no text, one long line, colours, a gap, a section. */
export async function writeStrangeLines(log: StageLog): Promise<void> {
  const link = (target: string, text: string) => `\u001b]8;;${target}\u0007${text}\u001b]8;;\u0007`;
  await log.append('<script>alert(1)</script> <img src=x onerror=alert(2)>\n');
  await log.append(`${link('javascript:alert(3)', 'bad')} and ${link('https://example.com/x', 'good')}\n`);
  await log.append('bidi \u202egnp.exe\u202c end, NUL \u0000 bell \u0007.\n');
  await log.append(Buffer.from([0x62, 0x79, 0x74, 0x65, 0x9f, 0xff, 0x0a]));
  await log.append('see https://buildit.example/docs?q=1, \u05e9\u05dc\u05d5\u05dd mixed with latin\n');
  for (let share = 0; share <= 100; share++) await log.append(`progress ${share}%\r`);
  await log.append('progress done\n');
  await log.append(`long ${'x'.repeat(100_000)} end\n`);
  for (let index = 0; index < 8; index++)
    await log.append(`\u001b[3${index}mcolour ${index} \u001b[4${index}mground\u001b[0m `);
  await log.append('\u001b[38;2;20;20;60mdark\u001b[0m \u001b[38;5;196mred\u001b[0m \u001b[7minverse\u001b[0m\n');
  await log.writer.gap({ bytes: 18_200, cause: 'worker lost' });
  await log.append('::group::Inner group\ninside 1\n::endgroup::\nlast line, no line feed');
  await log.end('passed');
}

/** Two steps, of which the second fails. */
export async function writeFailure(log: StageLog): Promise<void> {
  const lines = (count: number, text: (index: number) => string) =>
    log.append(Array.from({ length: count }, (_, index) => `${text(index)}\n`).join(''));
  await log.step('npm ci', 0, () => lines(200, (index) => `installing ${index}`));
  await log.step('npm test', 1, async () => {
    await lines(300, (index) => `\u001b[32m✓\u001b[0m test ${index}`);
    await log.append('\u001b[31mFAIL\u001b[0m src/cart.test.ts > totals round half up\nexpected 10.01, got 10.00\n');
    await lines(50, (index) => `    at frame ${index}`);
    await log.append('npm ERR! code 1\n');
  });
  await log.end('failed');
}
