import type { TestResultObject } from '#core/rest-tests.ts';
import type { TestOutcome } from '#core/test-report.ts';
import type { Hue } from '../../../ui/status-look.ts';

/** A test got slower when it took a fifth and a second more than before (UI §4.5). */
const SLOWER_SHARE = 1.2;
const SLOWER_MS = 1_000;

/** What is remarkable of a result beside the branch's previous run. */
export type Mark = { text: string; hue: Hue };

export function markTest({ outcome, durationMs, previous, flaky }: TestResultObject): Mark[] {
  const marks: Mark[] = [];
  if (previous === null) marks.push({ text: 'new', hue: 'running' });
  else if (isBad(outcome) && !isBad(previous.outcome)) marks.push({ text: 'newly failing', hue: 'error' });
  else if (outcome === 'passed' && isBad(previous.outcome)) marks.push({ text: 'fixed', hue: 'success' });
  if (flaky) marks.push({ text: 'flaky', hue: 'warning' });
  const before = previous?.durationMs ?? null;
  if (
    durationMs !== null &&
    before !== null &&
    durationMs >= before * SLOWER_SHARE &&
    durationMs - before >= SLOWER_MS
  ) {
    marks.push({ text: 'slower', hue: 'time' });
  }
  return marks;
}

export function isBad(outcome: TestOutcome): boolean {
  return outcome === 'failed' || outcome === 'errored';
}
