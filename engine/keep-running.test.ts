import { expect, it } from 'vitest';
import { type Fault, FaultError, NO_RETRY } from '#core/fault.ts';
import { countDeaths } from './death-count.ts';
import { type KeeperEvents, keepRunning } from './keep-running.ts';
import type { Part } from './part.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

interface FakePart extends Part {
  die(how: string): void;
}

function makePart(ready: Promise<void> = Promise.resolve()): FakePart {
  const exited = Promise.withResolvers<string>();
  ready.catch(() => undefined);
  return {
    role: 'worker',
    identity: { pid: 1, mark: 'x' },
    address: '',
    version: '1',
    ready,
    exited: exited.promise,
    stop: () => Promise.resolve(exited.resolve('stopped')),
    die: exited.resolve,
  };
}

function makeEvents(): KeeperEvents & { deaths: string[]; faults: Fault[] } {
  const deaths: string[] = [];
  const faults: Fault[] = [];
  return {
    deaths,
    faults,
    onChange: () => undefined,
    onReady: () => undefined,
    onDeath: (_, how) => deaths.push(how),
    onGiveUp: (fault) => faults.push(fault),
  };
}

const LIMIT = { count: 3, withinMs: 60_000 };

it('deaths are counted within the window only', () => {
  const countDeath = countDeaths(60_000);
  expect([0, 30_000, 60_001, 89_000].map(countDeath)).toEqual([1, 2, 2, 3]);
});

it('a part that dies is started again until it died too often', async () => {
  const events = makeEvents();
  const keeper = keepRunning(
    'worker',
    () => {
      const part = makePart();
      part.die('exit 1');
      return Promise.resolve(part);
    },
    events,
    LIMIT,
  );
  await expect.poll(() => events.faults, SOON).toHaveLength(1);
  expect(events.deaths).toEqual(['exit 1', 'exit 1', 'exit 1']);
  expect(events.faults[0]).toMatchObject({ code: 'engine-gave-up', message: expect.stringContaining('worker') });
  await keeper.firstReady;
  await keeper.stop();
});

it('a fault that no restart can cure ends it at the first death', async () => {
  const events = makeEvents();
  const fault: Fault = { code: 'data-too-new', message: 'too new', retry: NO_RETRY };
  const keeper = keepRunning(
    'api',
    () => {
      const part = makePart(Promise.reject(new FaultError(fault)));
      part.die('exit 3');
      return Promise.resolve(part);
    },
    events,
    LIMIT,
  );
  await expect(keeper.firstReady).rejects.toMatchObject({ fault });
  expect(events.faults).toEqual([fault]);
});

it('a launch that fails counts as a death, and a stop in between ends the attempts', async () => {
  const events = makeEvents();
  let launches = 0;
  const keeper = keepRunning(
    'postgres',
    () => {
      launches++;
      return Promise.reject(new Error('no room'));
    },
    events,
    LIMIT,
  );
  await expect.poll(() => events.deaths, SOON).toEqual(['no room']);
  await keeper.stop();
  expect(launches).toBe(1);
  expect(events.faults).toEqual([]);
});
