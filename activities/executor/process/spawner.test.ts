import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAlive, readIdentity } from './process-identity.ts';
import { launchDetached, warmSpawner } from './spawner.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'spawner-'))));
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');

function findSpawner(parent: number): number {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const line = table
    .split('\n')
    .find((row) => /spawner-main/.test(row) && row.trim().split(/\s+/)[1] === String(parent));
  return Number(line?.trim().split(/\s+/)[0]);
}

it('a program gets its arguments and exactly its environment, and a session of its own', async () => {
  const script = 'env >"$1/env"; read -r stat </proc/$$/stat; echo "$stat" >"$1/stat"; echo done >"$1/done"';
  await launchDetached({ args: ['-c', script, 'sh', folder], env: { PATH: '/usr/bin:/bin', VALUE: "it's \n $X" } });
  await expect.poll(() => read('done')).toBe('done\n');
  const names = (await read('env')).split('\n').map((line) => line.split('=')[0]);
  expect(await read('env')).toContain("VALUE=it's \n $X\n");
  expect(names.filter((name) => /NODE|HOME|USER/.test(name ?? ''))).toEqual([]);
  const [pid, , , , group, session] = (await read('stat')).split(' ');
  expect([group, session]).toEqual([pid, pid]);
});

it('why a program cannot be started is said', async () => {
  const env = { BIG: 'x'.repeat(200_000) };
  await expect(launchDetached({ args: ['-c', ':'], env })).rejects.toThrow('E2BIG');
});

it('a launch outlives the spawner that was killed with it', async () => {
  warmSpawner();
  await launchDetached({ args: ['-c', ':'], env: {} });
  const spawner = findSpawner(process.pid);
  process.kill(spawner, 'SIGSTOP');
  const launched = launchDetached({ args: ['-c', 'echo done >"$1/done"', 'sh', folder], env: {} });
  process.kill(spawner, 'SIGKILL');
  await launched;
  await expect.poll(() => read('done')).toBe('done\n');
});

it('what was launched goes on when its worker is killed, and the spawner leaves', async () => {
  const script = `
    const { launchDetached } = await import(process.argv[1]);
    await launchDetached({ args: ['-c', 'while [ -e /proc/$2 ]; do :; done; echo done >"$1/done"', 'sh', process.argv[2], String(process.pid)], env: {} });
    console.log('launched');
    setInterval(() => {}, 1_000);`;
  const worker = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, new URL('spawner.ts', import.meta.url).href, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(worker.stdout, 'data');
  const spawner = await readIdentity(`/proc/${findSpawner(worker.pid ?? 0)}/stat`);
  if (spawner === null) throw new Error('there is no spawner');
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  await expect.poll(() => read('done')).toBe('done\n');
  await expect.poll(() => isAlive(spawner)).toBe(false);
});
