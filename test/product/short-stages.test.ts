import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { chooseFault } from '../faults/long-faults.ts';
import { openProduct, type Product } from './product.ts';

/** Or a thousand. */
const COUNT = chooseFault(100, 1_000);
/** A matrix has 256 legs at most. */
const LEGS = 250;
const NUMBERS = Array.from({ length: COUNT }, (_, leg) => leg);
const PARTS = Array.from({ length: Math.ceil(COUNT / LEGS) }, (_, part) =>
  NUMBERS.slice(part * LEGS, (part + 1) * LEGS),
);

/** Legs that are over within milliseconds; the ledger is a file that they write themselves. */
const PIPELINE = PARTS.map(
  (legs, part) => `
stage "leg-${part}" {
  executor "process"
  matrix { axis "n" ${legs.map((leg) => `"${leg}"`).join(' ')} }
  run #"echo "$N" >> ledger; printf 'last line of %s' "$N""#
  env "N" "\${matrix.n}"
}
`,
).join('');

describeWith(['temporal'], 'stages of some milliseconds', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
  });
  afterAll(() => product.dispose());

  test('each have their last line, and run once', async () => {
    writeFileSync(join(product.folder, 'ledger'), '');
    writeFileSync(join(product.folder, 'short.kdl'), PIPELINE);
    const { code, stderr } = await product.run('run', 'short.kdl', '--in-place');
    expect(stderr).toContain(`${COUNT} passed`);
    expect(code).toBe(0);
    const ledger = readFileSync(join(product.folder, 'ledger'), 'utf8').trim().split('\n').map(Number);
    expect(ledger.toSorted((a, b) => a - b)).toEqual(NUMBERS);
    const { stdout } = await product.run('runs', 'logs', '@last');
    const last = [...stdout.matchAll(/last line of (\d+)/g)].map(([, leg]) => Number(leg));
    expect(last.toSorted((a, b) => a - b)).toEqual(NUMBERS);
  }, 600_000);
});
