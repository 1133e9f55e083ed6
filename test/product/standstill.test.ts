import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { chooseFault } from '../faults/long-faults.ts';
import { openProduct, type Product } from './product.ts';

/** A heartbeat is due every 5 seconds (workflows/pipeline-run/activities.ts); three of them, or five minutes. */
const STANDSTILL_S = chooseFault(15, 300);
const PATIENCE = { timeout: chooseFault(90_000, 400_000), interval: 100 };
const STAGES = ['container', 'process'] as const;

/** Prints a line a second, the same into a file beside BuildIt, until it is told to end. */
const until = (name: string) => `
  run "echo ${name} >> ledger"
  run "i=0; until [ -e go ]; do echo \\"${name} $i\\" | tee -a said-${name}; sleep 1; i=$((i+1)); done"
`;
const PIPELINE = `
pipeline "standstill"
stage "container" { image "busybox:1.37"; ${until('container')} }
stage "process" { executor "process"; ${until('process')} }
`;

describeWith(['docker', 'temporal'], 'a worker that stands still', () => {
  let product: Product;
  const read = (name: string) => readFileSync(join(product.folder, name), 'utf8');
  const write = (name: string, text: string) => writeFileSync(join(product.folder, name), text);
  const countSaid = () => STAGES.map((name) => read(`said-${name}`).split('\n').length - 1);
  beforeAll(() => {
    product = openProduct();
    write('standstill.kdl', PIPELINE);
  });
  beforeEach(() => {
    rmSync(join(product.folder, 'go'), { force: true });
    for (const name of ['ledger', ...STAGES.map((stage) => `said-${stage}`)]) write(name, '');
    // What still runs would write into the files of the next try.
    onTestFailed(async () => void (await product.run('cancel', '@last', '--force')), 60_000);
  });
  afterAll(() => product.dispose());

  test('for three heartbeats and goes on has done nothing twice', async () => {
    const running = product.start('run', 'standstill.kdl', '--in-place');
    await expect.poll(() => Math.min(...countSaid()), PATIENCE).toBeGreaterThan(0);
    const worker = (await product.processes()).find(({ role }) => role === 'worker')?.pid ?? expect.fail();
    process.kill(worker, 'SIGSTOP');
    try {
      const before = countSaid();
      const passed = () => Math.min(...countSaid().map((count, index) => count - (before[index] ?? 0)));
      await expect.poll(passed, PATIENCE).toBeGreaterThan(STANDSTILL_S);
    } finally {
      process.kill(worker, 'SIGCONT');
    }
    write('go', '');
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('2 passed');
    expect(code).toBe(0);
    expect(read('ledger').split('\n').filter(Boolean).toSorted()).toEqual(STAGES);
    for (const stage of STAGES) {
      const { stdout } = await product.run('runs', 'logs', '@last', stage, '--raw');
      expect(stdout).toBe(read(`said-${stage}`));
    }
  }, 900_000);
});
