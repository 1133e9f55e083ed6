/** How a test came out: `failed` is an assertion, `errored` anything else that broke it. */
export const TEST_OUTCOMES = ['passed', 'failed', 'errored', 'skipped'] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];

/** One test of a stage's report. Suite and name together are its identity, from run to run. */
export interface TestCase {
  /** The class where the report names one, else the suite; empty when it names neither. */
  suite: string;
  name: string;
  outcome: TestOutcome;
  durationMs: number | null;
  /** Of a failure, an error or a skip: one line or few. */
  message: string | null;
  /** What the tool printed about it. */
  trace: string | null;
  file: string | null;
  line: number | null;
  /** The tool itself tried it again and it passed then. */
  flaky: boolean;
}

/** Counts of one attempt. */
export type TestTotals = Record<TestOutcome, number>;

/** A Markdown note on the run, by a stage. */
export interface Note {
  /** Path of its file; `summary` for what was written to `$BUILDIT_SUMMARY`. */
  name: string;
  text: string;
}

/** What an attempt reported, when its stage asks for reports or wrote a summary. */
export interface AttemptReport {
  tests: TestCase[];
  /** Null when the stage has no `report`, or none of its files was there. */
  totals: TestTotals | null;
  notes: Note[];
}

export const NO_REPORT: AttemptReport = { tests: [], totals: null, notes: [] };
