import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineFile } from '#core/engine-file.ts';
import type { Leftover } from '#core/leftovers.ts';
import { RECONCILE } from '#core/queues.ts';
import { openDatabase } from '#db/client.ts';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const FILE = `pipeline "p" { executor "docker" }
stage "make" {
  image "busybox:1.37"
  run "mkdir -p dist; echo hi > dist/a; echo made"
  artifact "dist" { path "dist/**" }
}
`;

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/** What the engine does each minute by itself would be faster than the test, or not. */
async function pauseSchedule({ temporal }: EngineFile): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  const schedule = new Client({ connection, namespace: temporal.namespace }).schedule.getHandle(RECONCILE);
  await schedule.pause();
  await expect.poll(async () => (await schedule.describe()).info.runningActions.length, { timeout: 60_000 }).toBe(0);
  await connection.close();
}

/**
 * What a killed run leaves on a daemon: a container, a volume and a network with the labels of both. What of it nobody
 * has removed goes with the test, passed or failed.
 */
function leaveRun(instance: string): { count: () => number } {
  const runId = randomUUID();
  onTestFinished(() => {
    docker('rm', '-fv', `bi-${runId}-made`);
    docker('volume', 'rm', '-f', `bi-${runId}`);
    docker('network', 'rm', '-f', `bi-${runId}-net`);
  });
  const labels = ['--label', `buildit.instance=${instance}`, '--label', `buildit.run=${runId}`];
  docker('volume', 'create', ...labels, `bi-${runId}`);
  docker('network', 'create', ...labels, `bi-${runId}-net`);
  docker('run', '-d', ...labels, '--name', `bi-${runId}-made`, '-v', `bi-${runId}:/d`, 'busybox:1.37', 'sleep', '600');
  const filter = ['-q', '--filter', `label=buildit.run=${runId}`];
  const lists = [
    ['ps', '-a'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ];
  return {
    count: () =>
      lists.flatMap((list) =>
        docker(...list, ...filter)
          .split('\n')
          .filter(Boolean),
      ).length,
  };
}

async function prune(product: Product, ...args: string[]): Promise<Record<string, Leftover>> {
  const { code, stdout, stderr } = await product.run('prune', '-o', 'json', ...args);
  if (code !== 0) throw new Error(stderr);
  return Object.fromEntries((JSON.parse(stdout) as Leftover[]).map((one) => [one.kind, one]));
}

describeWith(['docker', 'temporal'], 'buildit prune', () => {
  test('says what would go, asks, and removes it: what a killed run left in Docker, and a run past retention', async () => {
    const product = openProduct();
    const data = product.environment['BUILDIT_DATA'] ?? '';
    try {
      writeFileSync(join(product.folder, 'p.kdl'), FILE);
      expect(await product.run('run', 'p.kdl')).toMatchObject({ code: 0 });
      const engine = JSON.parse(readFileSync(join(data, 'engine.json'), 'utf8')) as EngineFile;
      await pauseSchedule(engine);
      const left = leaveRun(engine.instanceId);
      const other = leaveRun(`not-${engine.instanceId}`);
      const database = openDatabase(engine.postgres.url, { max: 1 });
      await database`UPDATE runs SET ended_at = now() - interval '31 days'`;
      await database.end();

      const found = await prune(product, '--dry-run');
      expect(found['runs']).toMatchObject({ count: 1, bytes: expect.any(Number) });
      expect(found['hosts']).toMatchObject({ count: 1 });
      const table = await product.run('prune', '--dry-run');
      expect(table.stdout).toMatch(
        /^kind +count +size +oldest +what\nruns +1 +\d+ B +\S+ \S+ +logs and artifacts of runs/,
      );
      const { stdout: doctor } = await product.run('doctor');
      expect(doctor).toMatch(/leftover .*this engine: .*container.*; .*engine.*: .*container/);
      expect(doctor).toContain('buildit prune would remove runs 1 (');
      expect(await product.run('prune')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      expect([left.count(), other.count()]).toEqual([3, 3]);

      const gone = await prune(product, '--yes');
      expect([gone['runs']?.count, gone['hosts']?.count]).toEqual([1, 1]);
      expect([left.count(), other.count()]).toEqual([0, 3]);

      expect((await product.run('runs', 'show', 'local/1')).stdout).toMatch(/\nmake +passed/);
      for (const args of [
        ['logs', 'local/1', 'make'],
        ['artifacts', 'get', 'local/1', 'dist'],
      ]) {
        expect(await product.run(...args)).toMatchObject({ code: 5, stderr: expect.stringContaining('expired on') });
      }
      expect(await product.run('retry', 'local/1', '--all')).toMatchObject({ code: 9 });
      expect(Object.values(await prune(product, '--dry-run')).filter(({ count }) => count > 0)).toEqual([]);
      expect((await product.run('prune')).stderr).toContain('Nothing is left over.');
    } finally {
      await product.dispose();
    }
  }, 300_000);
});
