import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { TestCase, TestOutcome } from '#core/test-report.ts';

/** What is kept of one text; tools print whole documents. */
export const MAX_MESSAGE = 4_096;
export const MAX_TRACE = 16_384;
/** Of a suite, a test and a file. */
const MAX_NAME = 1_024;

/** Thrown for a file that is no XML; `place` is `line:column`, both from 1. */
export class JunitError extends Error {
  readonly place: string;
  constructor(message: string, place: string) {
    super(message);
    this.name = 'JunitError';
    this.place = place;
  }
}

/** Elements inside a test that say how it came out; the first one of a test counts. */
const OUTCOMES: Readonly<Record<string, TestOutcome>> = {
  failure: 'failed',
  error: 'errored',
  skipped: 'skipped',
  disabled: 'skipped',
};
/** Surefire: it failed at first and passed when it was tried again. */
const FLAKY = new Set(['flakyFailure', 'flakyError']);
/** GoogleTest and others say it in an attribute. */
const NOT_RUN = new Set(['notrun', 'skipped', 'disabled', 'suppressed']);

/**
 * Reads a JUnit report as a stream: `testsuites`, `testsuite` (nested as deep as it likes) and `testcase` of the
 * dialects in use (Surefire, Ant, pytest, vitest, GoogleTest, Go). Unknown elements are passed over. Entities other than
 * XML's own are errors: nothing is ever expanded.
 */
export function createJunitReader(onTest: (test: TestCase) => void) {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const decoder = new TextDecoder();
  const suites: { name: string; file: string | null }[] = [];
  let test: TestCase | null = null;
  let hasOutcome = false;
  let detail: { outcome: TestOutcome | 'flaky'; text: string } | null = null;

  const onDetail = (text: string) => {
    if (detail && detail.text.length < MAX_TRACE) detail.text += text;
  };
  parser.on('error', (error) => {
    throw new JunitError(error.message.replace(/^\d+:\d+: /, ''), `${parser.line}:${parser.column + 1}`);
  });
  parser.on('text', onDetail);
  parser.on('cdata', onDetail);
  parser.on('opentag', (tag) => {
    const { name } = tag;
    if (name === 'testsuite') suites.push({ name: read(tag, 'name') ?? '', file: read(tag, 'file', 'filepath') });
    else if (name === 'testcase') {
      test = describeTest(tag, suites.at(-1) ?? { name: '', file: null });
      hasOutcome = test.outcome !== 'passed';
    } else if (test && (OUTCOMES[name] || FLAKY.has(name))) {
      const message = read(tag, 'message');
      if (!hasOutcome || test.message === null) test.message = message && cut(message, MAX_MESSAGE);
      detail = { outcome: OUTCOMES[name] ?? 'flaky', text: '' };
    }
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'testsuite') suites.pop();
    else if (name === 'testcase' && test) {
      onTest(test);
      test = null;
    } else if (test && detail && (OUTCOMES[name] || FLAKY.has(name))) {
      const { outcome, text } = detail;
      detail = null;
      if (outcome === 'flaky') test.flaky = true;
      else if (!hasOutcome) {
        test.outcome = outcome;
        hasOutcome = true;
      }
      const trace = text.trim();
      if (trace !== '' && test.trace === null) {
        test.trace = cut(trace, MAX_TRACE);
        test.message ??= cut(trace.split('\n', 1)[0] ?? '', MAX_MESSAGE);
      }
    }
  });
  return {
    push(bytes: Uint8Array): void {
      parser.write(decoder.decode(bytes, { stream: true }));
    },
    /** Throws for a file that ends too early. */
    end(): void {
      parser.write(decoder.decode()).close();
    },
  };
}

function describeTest(tag: SaxesTagPlain, suite: { name: string; file: string | null }): TestCase {
  const line = Number(read(tag, 'line') ?? Number.NaN);
  const isNotRun = [read(tag, 'status'), read(tag, 'result')].some((said) => NOT_RUN.has(said?.toLowerCase() ?? ''));
  return {
    suite: cut(read(tag, 'classname') ?? suite.name, MAX_NAME),
    name: cut(read(tag, 'name') ?? '', MAX_NAME),
    outcome: isNotRun ? 'skipped' : 'passed',
    durationMs: readDuration(read(tag, 'time')),
    message: null,
    trace: null,
    file: cut(read(tag, 'file') ?? suite.file ?? '', MAX_NAME) || null,
    line: Number.isSafeInteger(line) && line > 0 ? line : null,
    flaky: false,
  };
}

/** Seconds, in some tools with commas between thousands. */
function readDuration(text: string | null): number | null {
  const seconds = text === null ? Number.NaN : Number(text.replaceAll(',', ''));
  return text?.trim() && Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null;
}

function read(tag: SaxesTagPlain, ...names: string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(tag.attributes, name) ? tag.attributes[name] : undefined;
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/** At most so many characters, with a sign that there were more. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
