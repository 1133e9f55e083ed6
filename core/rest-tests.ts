import type { Note, TestCase, TestOutcome } from './test-report.ts';

/** `GET runs/:id/tests`: one test of a stage's report. */
export interface TestResultObject extends TestCase {
  id: string;
  stage: string;
  attempt: number;
  /** `flaky` here: also when it passed and failed in runs of the same commit and plan. */
  flaky: boolean;
  /** Of the branch's previous run that has it; null when none has. */
  previous: { outcome: TestOutcome; durationMs: number | null } | null;
}

/** `GET runs/:id/tests/:test/history`: a result of the same test in another run of the pipeline, or in this one. */
export interface TestOfRunObject {
  id: string;
  runId: string;
  /** `shop-api#142` */
  label: string;
  branch: string | null;
  commit: string | null;
  attempt: number;
  outcome: TestOutcome;
  durationMs: number | null;
  at: string;
}

/** `GET runs/:id/notes`: Markdown of others, shown as text in a subset without HTML (UI §1.10). */
export interface NoteObject extends Note {
  id: string;
  stage: string;
  attempt: number;
}
