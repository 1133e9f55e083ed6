import { describe, expect, it } from 'vitest';
import { describePull } from '#core/image-pull.ts';
import type { AttemptObject, StageObject } from '#core/rest.ts';
import { describeNoRunner } from '#core/runner.ts';
import { at, attemptObject, endedAs, stageObject } from '../../../testing/rest-objects.ts';
import { findLogState } from './log-state.ts';

const AT = at(0);
const RUN = { label: 'shop#2' };
const stage = (status: StageObject['status'], attempts: AttemptObject[] = [], more: Partial<StageObject> = {}) =>
  stageObject('build', { status, attempts, ...more });
const passed = endedAs('passed');
const attempt = (lines: number, endedAt: string | null) =>
  attemptObject(1, { exitCode: 0, endedAt, log: { lines, bytes: lines, ended: endedAt !== null } });

const say = (of: StageObject, wanted: number | null = null) => {
  const state = findLogState(of, wanted, RUN);
  return state.kind === 'empty' ? `${state.title}: ${state.hint}` : `log of attempt ${state.attempt.attempt}`;
};

describe('where a log would be', () => {
  it('says when it expired, of what had one', () => {
    const of = stage(passed, [attempt(3, AT)]);
    expect(findLogState(of, null, { ...RUN, expiredAt: '2026-03-04T05:06:07.000Z' })).toMatchObject({
      ...{ kind: 'empty', title: 'Expired on 2026-03-04' },
    });
    expect(findLogState(of, null, RUN).kind).toBe('log');
  });

  it('says why there is none', () => {
    const reason = (message: string) => ({ code: 'x', message });
    expect(say(stage({ kind: 'waiting', reason: reason('waits for test') }))).toBe('Not started: waits for test');
    expect(say(stage({ kind: 'queued', since: AT, reason: reason('3 ahead') }))).toBe('Queued: 3 ahead');
    expect(say(stage({ kind: 'running', attempt: 1, since: AT, heartbeatAt: AT }))).toContain('Preparing');
    const pull = describePull({ ref: 'node:24', done: 41e6, total: 120e6 });
    expect(say(stage({ kind: 'queued', since: AT, reason: pull }))).toBe(
      'Preparing: pulling image node:24, 41 of 120 MB',
    );
    const skipped: StageObject['status'] = {
      kind: 'ended',
      ending: 'skipped',
      reason: reason('when is false'),
      at: AT,
    };
    expect(say(stage(skipped))).toBe('Skipped: when is false');
    expect(say(stage(passed, [attempt(0, AT)]))).toBe('Finished without output: exit 0');
    expect(say(stage(passed, [], { carriedFrom: 'shop#1' }))).toBe(
      'build did not run in shop#2: its result is from shop#1',
    );
    expect(say(stage(passed, [attempt(3, AT)]), 2)).toBe('build has no attempt 2: it has 1');
  });

  it('is the log when there is one, also an empty one that may still grow', () => {
    expect(say(stage(passed, [attempt(3, AT)]))).toBe('log of attempt 1');
    expect(say(stage({ kind: 'running', attempt: 1, since: AT, heartbeatAt: AT }, [attempt(0, null)]))).toBe(
      'log of attempt 1',
    );
  });

  it('has the command that starts a missing runner, and the one that follows the run of another pipeline', () => {
    const wanting = stage({ kind: 'queued', since: AT, reason: describeNoRunner(['gpu'], []) });
    expect(findLogState(wanting, null, RUN)).toMatchObject({
      title: 'Queued',
      hint: 'no runner has the label gpu',
      command: 'BUILDIT_LABELS=gpu buildit server --only worker',
    });
    const running: StageObject['status'] = { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT };
    const parent = stage(running, [], { child: { run: 'r', label: 'api#4' } });
    expect(findLogState(parent, null, RUN)).toMatchObject({
      title: 'Its work is the run api#4',
      command: 'buildit runs watch api#4',
    });
  });
});
