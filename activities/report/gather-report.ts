import type { AttemptEnding, Reason } from '#core/attempt.ts';
import type { StagePlan } from '#core/plan.ts';
import type { AttemptReport, Note, TestCase } from '#core/test-report.ts';
import type { ExchangeFile } from '../executor/exchange.ts';
import { createGlobMatcher } from '../executor/globs.ts';
import type { Executor, Handle } from '../executor/port.ts';
import { createTextMasker } from './mask-text.ts';
import { readFiles } from './read-files.ts';
import { createJunitReader, cut, JunitError } from './read-junit.ts';
import { createTestList } from './test-list.ts';

/** Of all report files of an attempt together; what is larger is no report. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const MAX_NOTE_BYTES = 64 * 1024;
const MAX_NOTES = 20;
/** Characters; a path may have 4096 bytes. */
const MAX_NOTE_NAME = 500;

export interface GatheredReport {
  report: AttemptReport;
  /** Why a stage that passed so far did not. */
  refusal: Reason | null;
}

/**
 * Reads what the stage's `report` and `annotate` name and what it wrote to `$BUILDIT_SUMMARY`, in one pass over its
 * files. Values of secrets are masked. The tests' outcomes change no verdict: the stage's own exit code does that.
 */
export async function gatherReport(input: {
  executor: Pick<Executor, 'collect' | 'readExchange'>;
  handle: Handle;
  stage: Pick<StagePlan, 'reports' | 'notes'>;
  written: ReadonlySet<ExchangeFile>;
  ending: AttemptEnding;
  secrets: readonly string[];
}): Promise<GatheredReport> {
  const { executor, handle, stage, ending } = input;
  const reports = stage.reports ?? [];
  const globs = [...reports.flatMap(({ paths }) => paths), ...(stage.notes ?? [])];
  const mask = createTextMasker(input.secrets);
  const notes: Note[] = [];
  const tests = createTestList();
  const found: string[] = [];
  let refusal: Reason | null = null;
  if (input.written.has('summary')) {
    const bytes = await executor.readExchange(handle, 'summary', MAX_NOTE_BYTES);
    notes.push({ name: 'summary', text: cutNote(mask(decode(bytes)), bytes.length) });
  }
  if (globs.length > 0) {
    const isReport = createGlobMatcher(reports.flatMap(({ paths }) => paths));
    let left = MAX_REPORT_BYTES;
    for await (const { name, bytes, content } of readFiles(await executor.collect(handle, globs))) {
      found.push(name);
      if (content === null) continue;
      if (!isReport(name)) {
        if (notes.length < MAX_NOTES)
          notes.push({ name: nameNote(mask(name), notes), text: cutNote(mask(await readSome(content)), bytes) });
        continue;
      }
      left -= bytes;
      const problem = left < 0 ? TOO_LARGE : await readReport(content, (test) => tests.add(maskTest(test, mask)));
      if (problem)
        refusal ??= { code: 'report-invalid', message: `report ${name}: ${problem}`, values: { file: name } };
    }
  }
  for (const glob of globs.filter((one) => !one.startsWith('!'))) {
    if (found.some(createGlobMatcher([glob]))) continue;
    refusal ??= { code: 'report-empty', message: `no file matches "${glob}"`, values: { pattern: glob } };
  }
  const { kept, totals } = tests.end();
  // A stage that failed for its own reasons need not have come to its reports.
  return { report: { tests: kept, totals, notes }, refusal: ending === 'passed' ? refusal : null };
}

const TOO_LARGE = 'the reports of an attempt have more than 64 MiB together';

/** What is wrong with the file, or null. Tests before that place are kept. */
async function readReport(
  content: AsyncIterable<Uint8Array>,
  onTest: (test: TestCase) => void,
): Promise<string | null> {
  const reader = createJunitReader(onTest);
  try {
    for await (const bytes of content) reader.push(bytes);
    reader.end();
    return null;
  } catch (error) {
    if (error instanceof JunitError) return `line ${error.place}: ${error.message}`;
    throw error;
  }
}

function maskTest(test: TestCase, mask: (text: string) => string): TestCase {
  const or = (text: string | null) => text && mask(text);
  const { suite, name, message, trace, file } = test;
  return {
    ...test,
    suite: mask(suite),
    name: mask(name),
    message: or(message),
    trace: or(trace),
    file: or(file),
  };
}

async function readSome(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    pieces.push(Uint8Array.from(piece));
    bytes += piece.length;
    if (bytes > MAX_NOTE_BYTES) break;
  }
  return decode(Buffer.concat(pieces));
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8', 0, MAX_NOTE_BYTES);
}

/** A name is a note's identity: a file that is called like the summary is numbered, and what no index takes is cut. */
function nameNote(name: string, notes: readonly Note[]): string {
  const wanted = cut(name, MAX_NOTE_NAME);
  let free = wanted;
  for (let number = 2; notes.some((note) => note.name === free); number++) free = `${wanted} (${number})`;
  return free;
}

function cutNote(text: string, bytes: number): string {
  return bytes <= MAX_NOTE_BYTES ? text : `${text}\n\n*(cut after 64 KiB)*\n`;
}
