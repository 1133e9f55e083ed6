import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** How each example ends, and something it says on the way. */
const ENDS: [file: string, code: number, says: string, flags?: string[]][] = [
  ['hello.kdl', 0, 'Hello from BuildIt'],
  ['echo.kdl', 0, 'world is up'],
  ['matrix.kdl', 0, 'passed'],
  ['outputs.kdl', 0, 'passed'],
  ['artifacts.kdl', 0, 'passed'],
  ['reports.kdl', 0, '2 tests passed, 1 skipped'],
  ['gate.kdl', 6, 'waits for approval'],
  ['retry-and-timeout.kdl', 124, 'attempt 2 went well'],
  ['finally.kdl', 1, 'cleaning up'],
  ['cache.kdl', 0, 'cache deps: hit deps-'],
  ['concurrency.kdl', 0, 'deployed, alone'],
  ['release.kdl', 0, 'released'],
  ['deliver.kdl', 0, 'delivered latest to here'],
  ['generate.kdl', 0, 'building web'],
  ['words.kdl', 0, 'as a user of its own'],
  ['reuse/.buildit.kdl', 0, 'loud: checked all'],
  ['services.kdl', 0, 'the database says: 1 apple'],
  ['machine.kdl', 124, 'it printed nothing for 2.0s'],
  ['secret-file.kdl', 0, 'deploy | 400', ['--secret-file', 'secret-file.env']],
  ['secret-outputs.kdl', 0, 'use | deploy has the token ***'],
  ['monorepo/.buildit.kdl', 0, 'test-shop | ✔ a customer pays the sum and the tax'],
  ['real/.buildit.kdl', 0, '26 cases, 0 failed', ['--param', 'folder=.']],
];

describeWith(['docker', 'temporal'], 'the example', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
    cpSync(EXAMPLES, product.folder, { recursive: true });
  });
  afterAll(async () => {
    await product.dispose();
  });

  test.each(ENDS)('%s ends with exit %i and says "%s"', async (file, code, says, flags = []) => {
    const outcome = await product.run('run', file, ...flags);
    expect(outcome.stdout + outcome.stderr).toContain(says);
    expect(outcome.code).toBe(code);
  });

  test('a label that no machine has is waited for, with the command that starts one', async () => {
    const text = 'stage "train" { executor "process"; runs-on "gpu"; run "true" }\n';
    writeFileSync(join(product.folder, 'gpu.kdl'), text);
    const running = product.start('run', 'gpu.kdl');
    await running.shows('no runner has the label gpu; start one: BUILDIT_LABELS=gpu buildit server --only worker');
    await product.run('runs', 'cancel', '@last');
    expect((await running.ended).code).toBe(130);
  });

  test('services names the service that was the cause, with its last lines', async () => {
    const { stderr } = await product.run('run', 'services.kdl', '--stage', 'broken');
    expect(stderr).toContain(
      'the service "db" ended with exit 1 before it was ready\n  db | no space left on my disk\n',
    );
  });

  test('what one run has cached the next one finds', async () => {
    await product.run('run', 'cache.kdl');
    const { code, stdout } = await product.run('run', 'cache.kdl');
    expect(stdout).toContain('nothing to fetch');
    expect(code).toBe(0);
  });

  test('real, with a broken source file, is failed and shows that line', async () => {
    const source = join(product.folder, 'real', 'src', 'roman.awk');
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, text.replace('    fill_table()\n', '    fill_table(\n'));
    const { code, stdout, stderr } = await product.run('run', 'real/.buildit.kdl', '--param', 'folder=.');
    expect(stdout + stderr).toMatch(/roman\.awk:\d+: Unexpected token/);
    expect(stderr).toMatch(/✗ check\[file=roman\].*exited 1/);
    expect(code).toBe(1);
  });
});
