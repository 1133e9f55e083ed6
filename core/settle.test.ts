import { expect, test } from 'vitest';
import type { AttemptSummary } from './attempt.ts';
import type { RetryRule } from './plan.ts';
import { settle } from './settle.ts';

const attempt = (given: Partial<AttemptSummary>): AttemptSummary => ({
  attempt: 1,
  ending: 'failed',
  exitCode: 1,
  started: true,
  logMatches: [],
  faultCode: null,
  ...given,
});

const rule = (given: Partial<RetryRule>): RetryRule => ({
  on: 'any',
  limit: 1,
  exit: [],
  logMatch: null,
  backoffMs: 1_000,
  factor: 2,
  maxMs: null,
  ...given,
});

const none = { retry: [], allowFailure: null };

test('without rules a failure settles at once', () => {
  expect(settle(none, [attempt({})])).toEqual({ kind: 'ended', ending: 'failed' });
});

test('the first rule that matches decides, and its own count ends it', () => {
  const stage = { retry: [rule({ exit: [137], limit: 1 }), rule({ limit: 5 })], allowFailure: null };
  const killed = attempt({ exitCode: 137 });
  expect(settle(stage, [killed])).toMatchObject({ kind: 'retry', afterMs: 1_000 });
  expect(settle(stage, [killed, killed])).toMatchObject({ kind: 'ended' });
  expect(settle(stage, [killed, attempt({})])).toMatchObject({ kind: 'retry' });
});

test('the back-off grows by its factor up to its maximum', () => {
  const stage = { retry: [rule({ limit: 9, maxMs: 3_000 })], allowFailure: null };
  const waits = [1, 2, 3].map((count) =>
    settle(
      stage,
      Array.from({ length: count }, () => attempt({})),
    ),
  );
  expect(waits.map((wait) => (wait.kind === 'retry' ? wait.afterMs : null))).toEqual([1_000, 2_000, 3_000]);
});

test('an infrastructure failure that never started is retried twice without a rule', () => {
  const lost = attempt({ ending: 'errored', started: false, exitCode: null });
  expect(settle(none, [lost])).toMatchObject({ kind: 'retry' });
  expect(settle(none, [lost, lost])).toMatchObject({ kind: 'retry' });
  expect(settle(none, [lost, lost, lost])).toEqual({ kind: 'ended', ending: 'errored' });
  expect(settle(none, [attempt({ ending: 'errored' })])).toEqual({ kind: 'ended', ending: 'errored' });
});

test('a cancelled stage is never retried', () => {
  expect(settle({ retry: [rule({})], allowFailure: null }, [attempt({ ending: 'cancelled' })])).toEqual({
    kind: 'ended',
    ending: 'cancelled',
  });
});

test('no rule can ask for more than ten retries', () => {
  const stage = { retry: [rule({ limit: 10 }), rule({ on: 'failed', limit: 10 })], allowFailure: null };
  expect(
    settle(
      stage,
      Array.from({ length: 11 }, () => attempt({})),
    ),
  ).toMatchObject({ kind: 'ended' });
});

test('allow-failure softens the listed exit codes and nothing of ours', () => {
  const some = { retry: [], allowFailure: [1, 42] };
  expect(settle(some, [attempt({ exitCode: 42 })])).toEqual({ kind: 'ended', ending: 'soft-failed' });
  expect(settle(some, [attempt({ exitCode: 2 })])).toEqual({ kind: 'ended', ending: 'failed' });
  const softened = { retry: [], allowFailure: 'any' as const };
  expect(settle(softened, [attempt({ ending: 'errored' })])).toEqual({ kind: 'ended', ending: 'errored' });
});

test('a log-match rule applies only where its pattern was found', () => {
  const stage = { retry: [rule({ logMatch: 'ECONNRESET' })], allowFailure: null };
  expect(settle(stage, [attempt({})])).toMatchObject({ kind: 'ended' });
  expect(settle(stage, [attempt({ logMatches: [0] })])).toMatchObject({ kind: 'retry' });
});
