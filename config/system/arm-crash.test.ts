import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addPoints, CRASH_POINTS, reachNothing } from '#core/crash-point.ts';
import { armCrash, type CrashSettings, parseCrashOrder } from './arm-crash.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = new URL('arm-crash.ts', import.meta.url).href;

/** Comes to each point in turn, in a process of its own; answers what it said, and how it ended. */
async function walk(points: string[], first: CrashSettings['first'] = null) {
  const script = `
    const { armCrash } = await import(${JSON.stringify(place)});
    const reach = armCrash(${JSON.stringify({ folder, first })});
    process.once('SIGTERM', () => process.exit(9));
    for (const point of ${JSON.stringify(points)}) {
      reach(point);
      process.stdout.write(point + ' ');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code, signal] = await once(child, 'close');
  return { said: said.trim(), end: signal ?? code };
}

test('a process is killed at the named point, the nth time it comes there, and its successor is not', async () => {
  const points = ['run-before-commit', 'run-after-commit', 'run-before-commit', 'run-after-commit'];
  const first = { point: 'run-before-commit', nth: 2, signal: 'SIGKILL' } as const;
  expect(await walk(points, first)).toEqual({ said: 'run-before-commit run-after-commit', end: 'SIGKILL' });
  expect(await walk(points, first)).toEqual({ said: points.join(' '), end: 0 });
  expect(readdirSync(folder)).toEqual(['run-before-commit.spent']);
});

test('with `term` it is asked to leave, and goes on', async () => {
  writeFileSync(join(folder, 'log-after-flush'), 'log-after-flush:1:term');
  expect(await walk(['log-after-flush', 'result-before-commit'])).toEqual({ said: 'log-after-flush', end: 9 });
});

test('an order names a point, which time, and perhaps the gentle way', () => {
  expect(parseCrashOrder('run-after-commit:3\n')).toEqual({ point: 'run-after-commit', nth: 3, signal: 'SIGKILL' });
  expect(parseCrashOrder('run-after-commit:1:term')).toMatchObject({ signal: 'SIGTERM' });
  for (const text of ['', 'run-after-commit', 'run-after-commit:0', 'nowhere:1', 'run-after-commit:1:kill']) {
    expect(parseCrashOrder(text)).toBeNull();
  }
});

test('without a test nothing is wrapped and nothing is reached', () => {
  const port = { work: async () => 1 };
  expect(armCrash(null)).toBe(reachNothing);
  expect(addPoints(port, { work: { before: 'run-before-commit' } }, armCrash(null))).toBe(port);
});

test('a port with points tells them around its verb and answers the same', async () => {
  const reached: string[] = [];
  const port = { base: 2, work: async (by: number) => by * 2, other: async () => 'other' };
  const points = { work: { before: 'run-before-commit', after: 'run-after-commit' } } as const;
  const added = addPoints(port, points, (point) => void reached.push(point));
  expect([await added.work(4), await added.other(), added.base]).toEqual([8, 'other', 2]);
  expect(reached).toEqual(['run-before-commit', 'run-after-commit']);
  expect(Object.keys({ ...added })).toEqual(['base', 'work', 'other']);
});

test('points are named in the words of files', () => {
  expect(Object.keys(CRASH_POINTS).filter((point) => !/^[a-z]+(-[a-z]+)+$/.test(point))).toEqual([]);
});
