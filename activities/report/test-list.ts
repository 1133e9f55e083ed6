import type { TestCase, TestTotals } from '#core/test-report.ts';

/** Of one attempt; what else there is is counted only. */
const MAX_TESTS = 20_000;

/** The tests of an attempt: all counted, as many kept as fit, the broken ones first. */
export function createTestList() {
  const totals: TestTotals = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const broken: TestCase[] = [];
  const others: TestCase[] = [];
  const names = new Map<string, number>();
  let count = 0;
  return {
    add(test: TestCase): void {
      count += 1;
      totals[test.outcome] += 1;
      const list = test.outcome === 'failed' || test.outcome === 'errored' ? broken : others;
      if (list.length < MAX_TESTS) list.push(numberTest(names, test));
    },
    /** `totals` is null when there was no test at all. */
    end(): { kept: TestCase[]; totals: TestTotals | null } {
      return { kept: [...broken, ...others].slice(0, MAX_TESTS), totals: count === 0 ? null : totals };
    },
  };
}

/** Tools name several cases of one parameterized test alike: the second is `name (2)`, or the next number that is free. */
function numberTest(names: Map<string, number>, test: TestCase): TestCase {
  const identify = (name: string) => `${test.suite}\n${name}`;
  let number = names.get(identify(test.name)) ?? 0;
  let name = test.name;
  do {
    number += 1;
    name = number === 1 ? test.name : `${test.name} (${number})`;
  } while (number > 1 && names.has(identify(name)));
  names.set(identify(test.name), number);
  if (number > 1) names.set(identify(name), 1);
  return number === 1 ? test : { ...test, name };
}
