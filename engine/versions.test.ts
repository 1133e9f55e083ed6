import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { useTestEngines } from './testing/test-engine.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

const makeEngine = useTestEngines();

it('a command of another content version replaces worker and API, while Temporal and Postgres stay', async () => {
  const engine = makeEngine();
  const one = await engine.ensure();
  const two = await engine.ensure({ contentVersion: 'version-two' });
  expect(two.wasWarm).toBe(false);
  expect(two.file).toMatchObject({
    contentVersion: 'version-two',
    pid: one.file.pid,
    temporal: { pid: one.file.temporal.pid },
    postgres: { pid: one.file.postgres.pid },
  });
  expect(await engine.pidOf('api')).not.toBe(one.file.processes.find((part) => part.role === 'api')?.pid);
  expect(await engine.pidOf('worker')).not.toBe(one.file.processes.find((part) => part.role === 'worker')?.pid);
  const settings: unknown = JSON.parse(readFileSync(join(engine.dataFolder, 'stub-api-settings.json'), 'utf8'));
  expect(settings).toMatchObject({ contentVersion: 'version-two', instanceId: one.file.instanceId });
});

it('a command that reconnects takes the version that runs', async () => {
  const engine = makeEngine();
  await engine.ensure();
  const again = await engine.ensure({ contentVersion: 'version-two' }, 'any');
  expect(again.wasWarm).toBe(true);
  expect(again.file.contentVersion).toBe('version-one');
});

it('a version that is older than the data is refused, and the engine goes on with the version it had', async () => {
  const engine = makeEngine();
  const one = await engine.ensure();
  writeFileSync(join(engine.dataFolder, 'stub-api-fatal'), 'version-zero');
  const error: unknown = await engine.ensure({ contentVersion: 'version-zero' }).catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toMatchObject({ code: 'data-too-new' });
  await expect.poll(async () => (await engine.ensure()).wasWarm, SOON).toBe(true);
  expect(await engine.pidOf('worker')).toBe(one.file.processes.find((part) => part.role === 'worker')?.pid);
});

it('an API that refuses the data at a cold start ends the start with its reason', async () => {
  const engine = makeEngine();
  await engine.ensure();
  await engine.stop();
  writeFileSync(join(engine.dataFolder, 'stub-api-fatal'), 'version-zero');
  const error: unknown = await engine.ensure({ contentVersion: 'version-zero' }).catch((thrown: unknown) => thrown);
  expect(faultOf(error)).toMatchObject({ code: 'data-too-new' });
  expect((await engine.ensure()).file.contentVersion).toBe('version-one');
});

it('the Temporal version stays pinned to the data until a stop without open runs', async () => {
  const engine = makeEngine();
  const pin = join(engine.dataFolder, 'temporal-version');
  const first = await engine.ensure();
  await engine.say(first, { kind: 'clients', count: 0, port: null, nextTimerAt: null, openRuns: 1 });
  await engine.stop();
  expect(readFileSync(pin, 'utf8').trim()).toBe(first.file.temporal.version);
  const second = await engine.ensure();
  await engine.say(second, { kind: 'clients', count: 0, port: null, nextTimerAt: null, openRuns: 0 });
  await engine.stop();
  expect(() => readFileSync(pin)).toThrow('ENOENT');
});
