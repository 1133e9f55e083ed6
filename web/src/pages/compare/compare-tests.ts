import type { TestResultObject } from '#core/rest-tests.ts';

/** A test that came out otherwise than before. */
export interface TestChange {
  kind: 'failing' | 'fixed' | 'slower';
  stage: string;
  suite: string;
  name: string;
  baseMs: number | null;
  headMs: number | null;
}

/** Slower by at least this share and this time (UI §4.5). */
const SLOWER_SHARE = 0.2;
const SLOWER_MS = 1_000;

/** Pairs tests by stage, suite and name. What is in one run alone is no change of a test. */
export function compareTests(base: readonly TestResultObject[], head: readonly TestResultObject[]): TestChange[] {
  const before = new Map(base.map((test) => [keyOf(test), test]));
  return head.flatMap((test): TestChange[] => {
    const old = before.get(keyOf(test));
    const kind = old ? judge(old, test) : null;
    if (!old || kind === null) return [];
    const { stage, suite, name } = test;
    return [{ kind, stage, suite, name, baseMs: old.durationMs, headMs: test.durationMs }];
  });
}

function judge(old: TestResultObject, present: TestResultObject): TestChange['kind'] | null {
  const [wasBad, isBad] = [isFailing(old), isFailing(present)];
  if (isBad && old.outcome === 'passed') return 'failing';
  if (wasBad && present.outcome === 'passed') return 'fixed';
  const [baseMs, headMs] = [old.durationMs ?? 0, present.durationMs ?? 0];
  const isSlower = headMs - baseMs >= SLOWER_MS && headMs >= baseMs * (1 + SLOWER_SHARE);
  return isSlower && present.outcome === 'passed' && old.outcome === 'passed' ? 'slower' : null;
}

function isFailing({ outcome }: TestResultObject): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

function keyOf({ stage, suite, name }: TestResultObject): string {
  return JSON.stringify([stage, suite, name]);
}
