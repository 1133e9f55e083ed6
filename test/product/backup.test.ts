import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const PIPELINE = `pipeline "kept"
stage "build" {
  executor "process"
  run "echo first line; mkdir out; echo content > out/file.txt"
  artifact "dist" { path "out" }
}
`;

describeWith(['temporal'], 'an archive of the engine of a machine', () => {
  let [from, to]: Product[] = [];
  beforeAll(() => {
    [from, to] = [openProduct(), openProduct()];
  });
  afterAll(async () => {
    await from?.dispose();
    await to?.dispose();
  });

  test('gives run, log and artifact back in another data folder', async () => {
    if (!from || !to) throw new Error('both were opened');
    writeFileSync(join(from.folder, 'kept.kdl'), PIPELINE);
    const run = await from.run('run', 'kept.kdl');
    expect(run).toMatchObject({ code: 0 });
    const file = join(to.folder, 'archive.tar');
    const backup = await from.run('backup', file, '-o', 'json');
    expect(backup).toMatchObject({ code: 0 });
    expect(JSON.parse(backup.stdout)).toMatchObject({ file, bytes: statSync(file).size });
    expect(await from.run('backup', file)).toMatchObject({ code: 2 });
    // As on another machine.
    await from.run('engine', 'stop');
    expect(await to.run('restore', file, '-o', 'json')).toMatchObject({ code: 0 });
    const shown = await to.run('runs', 'show', 'local/1', '-o', 'json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ label: 'local/1', status: { ending: 'passed' } });
    expect((await to.run('logs', 'local/1', 'build', '--raw')).stdout).toBe('first line\n');
    expect(await to.run('artifacts', 'get', 'local/1', 'dist', '--to', 'got')).toMatchObject({ code: 0 });
    expect(readFileSync(join(to.folder, 'got', 'out', 'file.txt'), 'utf8')).toBe('content\n');
    // Its source is there, too, and numbers go on.
    expect(await to.run('retry', 'local/1', '--from', 'build')).toMatchObject({ code: 0 });
    expect(await to.run('restore', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('restore-not-empty'),
    });
  }, 120_000);
});
