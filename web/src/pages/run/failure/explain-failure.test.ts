import { describe, expect, it } from 'vitest';
import type { Plan, RetryRule } from '#core/plan.ts';
import type { AttemptObject, StageObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { attemptObject, endedAs, stageObject } from '../../../testing/rest-objects.ts';
import { explainFailure } from './explain-failure.ts';
import { explainRetry } from './explain-retry.ts';
import { listFailures } from './list-failures.ts';

function failed(name: string, second: number, attempts: Partial<AttemptObject>[]): StageObject {
  const made = attempts.map((attempt, index) => attemptObject(index + 1, attempt));
  return stageObject(name, { status: endedAs('failed', second), attempts: made });
}

const steps = ['npm ci', 'npm test'].map((script, index) => ({ script, title: script, line: 10 + index }));
const plan: Plan = { ...createPlan([createStagePlan('test', { steps })]), file: 'ci.kdl' };

describe('failures of a run', () => {
  it('come first in time first', () => {
    expect(listFailures([failed('late', 5, []), failed('early', 2, [])]).map(({ stage }) => stage.name)).toEqual([
      'early',
      'late',
    ]);
  });

  it('name step, exit code with its meaning, and the place in the file', () => {
    const exit = { code: 'exit', message: 'exit 137 in step 2' };
    const [failure] = listFailures([failed('test', 5, [{ exitCode: 137, step: 2, reason: exit }])]);
    expect(failure && explainFailure(failure, plan)).toMatchObject({
      step: 'step 2 of 2: npm test',
      exit: 'exit 137, killed (SIGKILL)',
      reason: null,
      place: 'ci.kdl:11',
      retry: 'no retry rule',
    });
  });

  it('say what the server says where no program spoke, and nothing that is not known', () => {
    const memory = { code: 'out-of-memory', message: 'out of memory, limit 1 GiB' };
    const [failure] = listFailures([failed('test', 5, [{}, { reason: memory }])]);
    expect(failure && explainFailure(failure, undefined)).toEqual({
      ...{ step: null, exit: null, reason: memory.message, place: null, retry: null, service: null, fault: null },
    });
  });

  it('name the memory limit that killed a program', () => {
    const reason = { code: 'out-of-memory', message: 'out of memory', values: { limit: String(2 ** 30) } };
    const [failure] = listFailures([failed('test', 5, [{ exitCode: 137, reason }])]);
    expect(failure && explainFailure(failure, plan)).toMatchObject({
      exit: 'exit 137, killed: memory limit 1GiB',
      reason: null,
      place: 'ci.kdl:10',
    });
  });

  it('name the service that was the cause, with what it printed last', () => {
    const values = { service: 'db', exit: '1', log: 'starting\nFATAL: no space' };
    const reason = { code: 'service-ended', message: 'the service "db" ended with exit 1', values };
    const [failure] = listFailures([failed('test', 5, [{ reason }])]);
    expect(failure && explainFailure(failure, plan)).toMatchObject({
      reason: reason.message,
      service: { name: 'db', lines: ['starting', 'FATAL: no space'] },
    });
  });
});

describe('the retry rule of a failure', () => {
  const rule: RetryRule = {
    ...{ on: 'failed', limit: 2, exit: [], logMatch: null, backoffMs: 1_000, factor: 1, maxMs: null },
  };
  const attempts = (count: number, exitCode = 1) =>
    Array.from({ length: count }, (_, index) => attemptObject(index + 1, { status: endedAs('failed'), exitCode }));

  it('is told when it was applied, and why it was not', () => {
    expect(explainRetry(attempts(3), [rule])).toBe(
      '3 attempts were made, by the rule: retry on failed, up to 2, after 1.0s',
    );
    expect(explainRetry(attempts(1), [{ ...rule, on: 'infra' }])).toBe(
      'no retry rule applied (infra, up to 2, after 1.0s)',
    );
    expect(explainRetry(attempts(1, 2), [{ ...rule, exit: [3, 4] }])).toContain('failed with exit 3 or 4');
    expect(explainRetry(attempts(1), [{ ...rule, logMatch: 'ECONNRESET' }])).toContain(
      'its pattern was not in the log',
    );
  });
});
