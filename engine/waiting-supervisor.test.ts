import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nameDataFiles } from './places.ts';
import { prepareSupervisor } from './start-supervisor.ts';
import { findProcesses, useTestEngines } from './testing/test-engine.ts';

const SOON = { timeout: 15_000 };
const makeEngine = useTestEngines();
const findSupervisors = (dataFolder: string) => findProcesses(`engine/main.ts\0${dataFolder}`);

it('one that waits becomes the supervisor of the engine that is asked for', async () => {
  const engine = makeEngine();
  const environment = { ...engine.environment, BUILDIT_DATA: engine.dataFolder };
  expect(prepareSupervisor(environment)).toBeNull();
  await engine.ensure();
  expect(prepareSupervisor(environment)).toBeNull();
  await engine.stop();
  await expect.poll(() => findSupervisors(engine.dataFolder), SOON).toEqual([]);
  const waiting = prepareSupervisor(environment);
  const [pid] = findSupervisors(engine.dataFolder);
  const { file } = await engine.ensure({}, 'own', waiting);
  expect(file.pid).toBe(pid);
});

it('one that is told nothing touches nothing and leaves with the command', async () => {
  const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'buildit-waiting-'));
  const { logs, lock } = nameDataFiles(dataFolder);
  mkdirSync(logs);
  const start = join(import.meta.dirname, 'start-supervisor.ts');
  const program = `
    const { prepareSupervisor } = await import(${JSON.stringify(start)});
    console.log(prepareSupervisor(process.env) !== null);
    process.exit(0);`;
  const env = { ...process.env, BUILDIT_DATA: dataFolder };
  const said = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { env, encoding: 'utf8' });
  expect(said.stdout).toBe('true\n');
  await expect.poll(() => findSupervisors(dataFolder), SOON).toEqual([]);
  expect(existsSync(lock)).toBe(false);
  rmSync(dataFolder, { recursive: true });
});
