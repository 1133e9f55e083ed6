import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINE_ROLES } from '#core/engine-file.ts';
import { FaultError, faultOf } from '#core/fault.ts';
import { readEngineLogs } from './engine-logs.ts';
import { identifyProcess } from './process-identity.ts';
import { findProcesses, useTestEngines } from './testing/test-engine.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

const makeEngine = useTestEngines();
const isRoot = process.getuid?.() === 0;

describe('one engine', () => {
  const engine = useTestEngines('all')({
    environment: { DEPLOY_TOKEN: 'canary-4711', TEMPORAL_ADDRESS: 'elsewhere:7233' },
  });

  it('a cold start serves with five processes, a second command finds it warm', async () => {
    const cold = await engine.ensure();
    expect(cold.wasWarm).toBe(false);
    expect(cold.file.processes.map((one) => one.role).toSorted()).toEqual([...ENGINE_ROLES].toSorted());
    const warm = await engine.ensure();
    expect(warm.wasWarm).toBe(true);
    expect(warm.file.pid).toBe(cold.file.pid);
  });

  it('nobody else may read the data folder, engine.json, the token or the sockets', async () => {
    const { socket } = await engine.ensure();
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(engine.dataFolder)).toBe('700');
    expect(mode(join(engine.dataFolder, 'engine.json'))).toBe('600');
    expect(mode(join(engine.dataFolder, 'engine.token'))).toBe('600');
    expect(mode(join(socket, '..'))).toBe('700');
  });

  it('the shell that started an engine leaves no secret and no database address in it', async () => {
    const { file } = await engine.ensure();
    for (const { pid } of file.processes) {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8');
      expect(variables).not.toContain('canary-4711');
      expect(variables).not.toContain('elsewhere:7233');
      expect(variables).not.toContain(file.token);
    }
  });
});

it('two starters at a cold start get the same engine', async () => {
  const engine = makeEngine();
  const [one, other] = await Promise.all([engine.ensure(), engine.ensure()]);
  expect(one.file.pid).toBe(other.file.pid);
  expect(one.file.temporal.pid).toBe(other.file.temporal.pid);
  const supervisor = `engine/main.ts\0${engine.dataFolder}`;
  await expect.poll(() => findProcesses(supervisor), SOON).toEqual([one.file.pid]);
  expect(findProcesses(join(engine.dataFolder, 'temporal-'))).toEqual([one.file.temporal.pid]);
});

it.skipIf(!isRoot)('a data folder below a 0700 home works as root, without chown (needs root)', async () => {
  const engine = makeEngine({ below: 'home' });
  mkdirSync(join(engine.dataFolder, '..'), { mode: 0o700 });
  const { file } = await engine.ensure();
  expect(file.postgres.pid).toBeGreaterThan(0);
  const stat = statSync(join(engine.dataFolder, 'postgres-18', 'PG_VERSION'));
  expect(stat.uid).toBe(0);
});

it('a data path of 200 characters works, since the sockets lie elsewhere', async () => {
  const engine = makeEngine({ below: `${'d'.repeat(90)}/${'e'.repeat(90)}` });
  expect(engine.dataFolder.length).toBeGreaterThan(200);
  const { socket, file } = await engine.ensure();
  expect(socket.length).toBeLessThan(100);
  expect(file.postgres.url).not.toContain(encodeURIComponent(engine.dataFolder));
});

it('data of another Postgres major ends the start with its fault, and the next start tries again', async () => {
  const engine = makeEngine();
  mkdirSync(join(engine.dataFolder, 'postgres-17'), { recursive: true });
  for (let round = 0; round < 2; round++) {
    const error: unknown = await engine.ensure().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FaultError);
    expect(faultOf(error)).toMatchObject({ code: 'postgres-major', message: expect.stringContaining('Postgres 17') });
  }
  expect(await engine.status()).toMatchObject({ kind: 'stopped', fault: { code: 'postgres-major' } });
});

it('two engines run side by side, and stopping one leaves the other', async () => {
  const [left, right] = [makeEngine(), makeEngine()];
  const [one, other] = await Promise.all([left.ensure(), right.ensure()]);
  expect(one.file.instanceId).not.toBe(other.file.instanceId);
  expect(one.file.temporal.address).not.toBe(other.file.temporal.address);
  expect(one.socket).not.toBe(other.socket);
  await left.stop();
  expect((await left.status()).kind).toBe('stopped');
  expect((await right.ensure()).wasWarm).toBe(true);
});

it('an engine that was stopped keeps its instance id and database, and its logs can be read', async () => {
  const engine = makeEngine();
  const first = await engine.ensure();
  expect(await engine.stop()).toBe(true);
  expect(await engine.stop()).toBe(false);
  for (const { pid } of first.file.processes) await expect.poll(() => identifyProcess(pid), SOON).toBeNull();
  const logs = readEngineLogs({ dataFolder: engine.dataFolder, environment: engine.environment });
  expect(logs.find((log) => log.role === 'supervisor')?.lines.at(-1)).toContain('stopped: asked');
  const second = await engine.ensure();
  expect(second.file.instanceId).toBe(first.file.instanceId);
  expect(second.file.pid).not.toBe(first.file.pid);
});
