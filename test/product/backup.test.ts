import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const LOCAL = `pipeline "kept"
stage "build" {
  executor "process"
  run "echo first line; mkdir out; echo content > out/file.txt"
  artifact "dist" { path "out" }
}
`;

const VALUE = 'value of a kept secret';
const NAMED = `pipeline "named"
stage "use" {
  executor "process"
  secret "TOKEN"
  run "echo got: $TOKEN; printf '%s' \\"$TOKEN\\" | wc -c"
}
`;

describeWith(['temporal'], 'an archive of the engine of a machine', () => {
  let [from, to]: Product[] = [];
  beforeEach(() => {
    [from, to] = [openProduct(), openProduct()];
    for (const product of [from, to]) product.environment['BUILDIT_PROCESS_EXECUTOR'] = 'on';
  });
  afterEach(async () => {
    await from?.dispose();
    await to?.dispose();
  });

  test('gives runs, logs, artifacts and secrets back in another data folder', async () => {
    if (!from || !to) throw new Error('both were opened');
    for (const [name, text] of Object.entries({ 'kept.kdl': LOCAL, 'named.kdl': NAMED, '../value': VALUE })) {
      writeFileSync(join(from.folder, name), text);
    }
    await expectDone(from, 'run', 'kept.kdl');
    await expectDone(from, 'secrets', 'set', 'TOKEN', '--from-file', '../value');
    await expectDone(from, 'pipelines', 'create', 'named', 'named.kdl');
    const before = await expectDone(from, 'trigger', 'named', '--follow');
    expect(before).toContain('got: ***');
    expect(before).toContain(String(VALUE.length));

    const file = join(to.folder, 'archive.tar');
    const backup = await expectDone(from, 'backup', file, '-o', 'json');
    expect(JSON.parse(backup)).toMatchObject({ file, bytes: statSync(file).size, hasKey: true });
    expect(readFileSync(file).includes(VALUE)).toBe(false);
    expect(await from.run('backup', file)).toMatchObject({ code: 2 });
    // As on another machine.
    await expectDone(from, 'engine', 'stop');
    await expectDone(to, 'restore', file);

    const shown = await expectDone(to, 'runs', 'show', 'local/1', '-o', 'json');
    expect(JSON.parse(shown)).toMatchObject({ label: 'local/1', status: { ending: 'passed' } });
    expect(await expectDone(to, 'logs', 'local/1', 'build', '--raw')).toBe('first line\n');
    await expectDone(to, 'artifacts', 'get', 'local/1', 'dist', '--to', 'got');
    expect(readFileSync(join(to.folder, 'got', 'out', 'file.txt'), 'utf8')).toBe('content\n');
    // The source of a run is there, too; numbers go on; the secret opens.
    await expectDone(to, 'retry', 'local/1', '--from', 'build');
    expect(await expectDone(to, 'trigger', 'named', '--follow')).toContain('got: ***');
    const again = await to.run('restore', file);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('restore-not-empty') });
  }, 240_000);
});

/** What a command printed that must succeed. */
async function expectDone(product: Product, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await product.run(...args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
