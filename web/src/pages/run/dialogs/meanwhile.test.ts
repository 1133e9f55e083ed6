import { expect, test } from 'vitest';
import type { Decision } from '#core/gate.ts';
import type { GateObject } from '#core/rest.ts';
import { at } from '../../../testing/rest-objects.ts';
import { describeMeanwhile } from './meanwhile.tsx';

const rule = (from: string) => ({ from, min: 1 });
const gate: GateObject = {
  ...{ id: 'g', topic: 'run:1', seq: 1, createdAt: at(0), runId: '1', name: 'ship', noSelf: false, manual: false },
  status: { kind: 'waiting', reason: { code: 'gate', message: '' } },
  ...{ rules: [rule('user:bo'), rule('user:ann')], unmet: [rule('user:bo'), rule('user:ann')], fields: [] },
  ...{ decisions: [], expiresAt: null, planDigest: 'a'.repeat(64), can: { approve: true } },
};
const approval: Decision = {
  ...{ id: 'd', verdict: 'approve', actor: { id: 'user:bo', teams: [], verified: true }, comment: null, fields: {} },
  ...{ planDigest: gate.planDigest, at: at(5) },
};

test('an open dialog says what others decided since it was opened, and what is left', () => {
  const now = Date.parse(at(9));
  const decided = { ...gate, decisions: [approval], unmet: [rule('user:ann')] };
  expect(describeMeanwhile(gate, decided, now)).toEqual(['bo approved 4s ago, 1 of 2 left']);
  expect(describeMeanwhile(decided, decided, now)).toEqual([]);
});

test('another plan is said with both digests', () => {
  const [line] = describeMeanwhile(gate, { ...gate, planDigest: 'b'.repeat(64) }, 0);
  expect(line).toContain('bbbbbbbbbbbb, it was aaaaaaaaaaaa');
});
