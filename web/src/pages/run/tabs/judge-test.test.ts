import { expect, it } from 'vitest';
import type { TestResultObject } from '#core/rest-tests.ts';
import { markTest } from './judge-test.ts';

const result = (change: Partial<TestResultObject>): TestResultObject => ({
  ...{ id: '1', stage: 'test', attempt: 1, suite: 's', name: 'n', outcome: 'passed', durationMs: 1_000, message: null },
  ...{
    trace: null,
    file: null,
    line: null,
    flaky: false,
    previous: { outcome: 'passed', durationMs: 1_000 },
    ...change,
  },
});
const marks = (change: Partial<TestResultObject>) => markTest(result(change)).map(({ text }) => text);

it('a result is told beside the one of the run before', () => {
  expect(marks({})).toEqual([]);
  expect(marks({ previous: null })).toEqual(['new']);
  expect(marks({ outcome: 'failed' })).toEqual(['newly failing']);
  expect(marks({ outcome: 'failed', previous: { outcome: 'errored', durationMs: null } })).toEqual([]);
  expect(marks({ previous: { outcome: 'failed', durationMs: 900 } })).toEqual(['fixed']);
  expect(marks({ flaky: true })).toEqual(['flaky']);
});

it('slower is a fifth and a second more', () => {
  expect(marks({ durationMs: 2_000 })).toEqual(['slower']);
  expect(marks({ durationMs: 1_900 })).toEqual([]);
  expect(marks({ durationMs: 11_000, previous: { outcome: 'passed', durationMs: 10_000 } })).toEqual([]);
});
