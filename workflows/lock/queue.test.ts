import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openGroup, WHEN_BUSY, type CommitPlace, type GroupMember, type GroupState } from '#core/concurrency.ts';
import { ask, giveBack, type Told } from './queue.ts';

const member = (id: string, commit: CommitPlace | null = null): GroupMember => ({
  ...{ id, runId: id, label: id, stage: null, since: '', commit },
});
const at = (position: number, branch = 'main'): CommitPlace => ({ branch, position });
const say = (told: Told) =>
  told.map(({ member: { id }, news }) =>
    news.kind === 'superseded'
      ? `${id} superseded by ${news.by}`
      : news.kind === 'given'
        ? `${id} given`
        : `${id} waits ${news.place}/${news.of}`,
  );
const askFor = (state: GroupState, one: GroupMember, whenBusy: (typeof WHEN_BUSY)[number], limit = 1) =>
  say(ask(state, { member: one, limit, whenBusy }));

test('who comes first has the place, the others wait in their order', () => {
  const group = openGroup('g');
  expect(askFor(group, member('a'), 'queue')).toEqual(['a given']);
  expect(askFor(group, member('b'), 'queue')).toEqual(['b waits 1/1']);
  expect(askFor(group, member('c'), 'queue')).toEqual(['b waits 1/2', 'c waits 2/2']);
  expect(say(giveBack(group, 'a'))).toEqual(['b given', 'c waits 1/1']);
});

test('whoever asks last says how many places there are', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'queue');
  askFor(group, member('b'), 'queue');
  expect(askFor(group, member('c'), 'queue', 3)).toEqual(['b given', 'c given']);
});

test('replace-pending: only the newest waits', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'replace-pending');
  askFor(group, member('b'), 'replace-pending');
  expect(askFor(group, member('c'), 'replace-pending')).toEqual(['b superseded by c', 'c waits 1/1']);
});

test('cancel-running: who has the place makes room, and keeps it until it has', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'cancel-running');
  expect(askFor(group, member('b'), 'cancel-running')).toEqual(['a superseded by b', 'b waits 1/1']);
  expect(askFor(group, member('c'), 'cancel-running')).toEqual([
    'b superseded by c',
    'a superseded by c',
    'c waits 1/1',
  ]);
  expect(say(giveBack(group, 'a'))).toEqual(['c given']);
});

test('cancel-running: as many make room as are needed, the first ones', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'cancel-running', 2);
  askFor(group, member('b'), 'cancel-running', 2);
  expect(askFor(group, member('c'), 'cancel-running', 2)).toEqual(['a superseded by c', 'c waits 1/1']);
});

test('skip-older: an older commit of the branch is skipped, whoever came first', () => {
  const group = openGroup('g');
  askFor(group, member('a', at(5)), 'skip-older');
  expect(askFor(group, member('b', at(4)), 'skip-older')).toEqual(['b superseded by a']);
  expect(askFor(group, member('c', at(6)), 'skip-older')).toEqual(['c waits 1/1']);
  expect(askFor(group, member('d', at(7)), 'skip-older')).toEqual(['c superseded by d', 'd waits 1/1']);
});

test('skip-older: a commit that has had the place is remembered', () => {
  const group = openGroup('g');
  askFor(group, member('a', at(5)), 'skip-older');
  giveBack(group, 'a');
  expect(askFor(group, member('b', at(4)), 'skip-older')).toEqual(['b superseded by a']);
  expect(askFor(group, member('again', at(5)), 'skip-older')).toEqual(['again given']);
});

test('skip-older: of other branches, or where nobody knows the place of a commit, none is older', () => {
  const group = openGroup('g');
  askFor(group, member('a', at(5)), 'skip-older');
  expect(askFor(group, member('b', at(1, 'release')), 'skip-older')).toEqual(['b waits 1/1']);
  expect(askFor(group, member('c'), 'skip-older')).toEqual(['b waits 1/2', 'c waits 2/2']);
});

test('who asks again is answered again, and has one place', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'queue', 2);
  expect(askFor(group, member('a'), 'queue', 2)).toEqual(['a given']);
  expect(group.holders).toHaveLength(1);
});

test('what is given back twice, or never was asked for, changes nothing', () => {
  const group = openGroup('g');
  askFor(group, member('a'), 'queue');
  askFor(group, member('b'), 'queue');
  expect(say(giveBack(group, 'a'))).toEqual(['b given']);
  expect(giveBack(group, 'a')).toEqual([]);
});

test('never more have a place than there are, nobody is lost, and all are answered', () => {
  const step = fc.record({
    id: fc.nat(8),
    whenBusy: fc.constantFrom(...WHEN_BUSY),
    position: fc.option(fc.nat(5), { nil: null }),
    isAsking: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, limit) => {
      const group = openGroup('g');
      const last = new Map<string, string>();
      const note = (told: Told) => told.forEach(({ member: one, news }) => last.set(one.id, news.kind));
      for (const [index, { id, whenBusy, position, isAsking }] of steps.entries()) {
        if (isAsking) {
          const one = member(`${index}`, position === null ? null : at(position));
          note(ask(group, { member: one, limit, whenBusy }));
          expect(last.has(one.id)).toBe(true);
        } else note(giveBack(group, group.holders[id % Math.max(1, group.holders.length)]?.id ?? ''));
        expect(group.holders.length).toBeLessThanOrEqual(limit);
        if (group.waiters.length > 0) expect(group.holders).toHaveLength(limit);
        for (const one of group.waiters) expect(last.get(one.id)).toBe('waiting');
      }
    }),
    { numRuns: 500 },
  );
});
