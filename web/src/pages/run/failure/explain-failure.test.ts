import { describe, expect, it } from 'vitest';
import type { Plan } from '#core/plan.ts';
import type { AttemptObject, StageObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { attemptObject, endedAs, stageObject } from '../../../testing/rest-objects.ts';
import { explainFailure } from './explain-failure.ts';
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
      ...{ step: null, exit: null, reason: memory.message, place: null, retry: null, fault: null },
    });
  });
});
