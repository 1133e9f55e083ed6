import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineRole } from '#core/engine-file.ts';
import { faultOf } from '#core/fault.ts';
import { identifyProcess } from './process-identity.ts';
import { findProcesses, useTestEngines } from './testing/test-engine.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

const makeEngine = useTestEngines();
const PARTS = ['temporal', 'postgres', 'worker', 'api'] as const satisfies EngineRole[];

it('a supervisor that is killed takes the worker and the API with it, and what it left is ended by the next', async () => {
  const engine = makeEngine();
  const { file } = await engine.ensure();
  const pid = (role: EngineRole): number => file.processes.find((one) => one.role === role)?.pid ?? -1;
  process.kill(file.pid, 'SIGKILL');
  await expect.poll(() => identifyProcess(pid('worker')), SOON).toBeNull();
  await expect.poll(() => identifyProcess(pid('api')), SOON).toBeNull();

  const revived = await engine.ensure();
  expect(revived.wasWarm).toBe(false);
  expect(revived.file.instanceId).toBe(file.instanceId);
  expect(identifyProcess(pid('temporal'))).toBeNull();
  expect(identifyProcess(pid('postgres'))).toBeNull();
  expect(findProcesses(`${engine.dataFolder}/temporal-`)).toEqual([revived.file.temporal.pid]);
});

it('stop ends what a killed supervisor left', async () => {
  const engine = makeEngine();
  const { file } = await engine.ensure();
  process.kill(file.pid, 'SIGKILL');
  await expect.poll(() => identifyProcess(file.pid), SOON).toBeNull();
  expect(await engine.stop()).toBe(true);
  expect(identifyProcess(file.temporal.pid)).toBeNull();
  expect(identifyProcess(file.postgres.pid)).toBeNull();
});

describe('one engine', () => {
  const engine = useTestEngines('all')();

  it.each(PARTS)('%s is back after a kill -9, the others stay', async (role) => {
    await engine.ensure();
    await expect.poll(() => engine.pidOf(role), SOON).not.toBeNull();
    const before = await Promise.all(PARTS.map((part) => engine.pidOf(part)));
    const victim = before[PARTS.indexOf(role)] ?? -1;
    process.kill(victim, 'SIGKILL');
    await expect.poll(async () => [null, victim].includes(await engine.pidOf(role)), SOON).toBe(false);
    const after = await Promise.all(PARTS.map((part) => engine.pidOf(part)));
    for (const [at, part] of PARTS.entries()) if (part !== role) expect(after[at], part).toBe(before[at]);
  });
});

it('an engine whose data folder was taken away leaves, and one over a new folder of that name serves', async () => {
  const engine = makeEngine();
  const { file } = await engine.ensure();
  renameSync(engine.dataFolder, `${engine.dataFolder}-elsewhere`);
  const next = await engine.ensure();
  expect(next.file.instanceId).not.toBe(file.instanceId);
  for (const { pid } of file.processes) await expect.poll(() => identifyProcess(pid), SOON).toBeNull();
  expect((await engine.ensure()).wasWarm).toBe(true);
});

it('all processes killed at once are revived by the next command', async () => {
  const engine = makeEngine();
  const { file } = await engine.ensure();
  for (const { pid } of file.processes) process.kill(pid, 'SIGKILL');
  for (const { pid } of file.processes) await expect.poll(() => identifyProcess(pid), SOON).toBeNull();
  const revived = await engine.ensure();
  expect(revived.file.pid).not.toBe(file.pid);
  expect((await engine.status()).kind).toBe('running');
});

it('five deaths within the limit end the engine, every command says why until stop clears it', async () => {
  const engine = makeEngine();
  await engine.ensure();
  for (let death = 1; death <= 5; death++) {
    await expect.poll(() => engine.pidOf('worker'), SOON).not.toBeNull();
    const victim = (await engine.pidOf('worker')) ?? -1;
    process.kill(victim, 'SIGKILL');
    await expect.poll(async () => (await engine.pidOf('worker')) !== victim, SOON).toBe(true);
  }
  await expect.poll(async () => (await engine.status()).kind, SOON).toBe('gave-up');
  const fault = faultOf(await engine.ensure().catch((thrown: unknown) => thrown));
  expect(fault).toMatchObject({ code: 'engine-gave-up', message: expect.stringContaining('worker ended 5 times') });
  expect(await engine.status()).toMatchObject({
    kind: 'gave-up',
    fault: { cause: expect.stringContaining('SIGKILL') },
  });

  await engine.stop();
  expect((await engine.ensure()).file.pid).toBeGreaterThan(0);
});
