import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

describeWith(['docker', 'temporal'], 'a re-run', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
  });
  afterAll(async () => {
    await product.dispose();
  });
  const write = (name: string, text: string) => writeFileSync(join(product.folder, name), text);
  const readLedger = () => readFileSync(join(product.folder, 'ledger'), 'utf8').split('\n').filter(Boolean);

  test.each([
    ['docker', 'image "busybox:1.37"'],
    ['process', 'executor "process"'],
  ])(
    'from a stage leaves the ledger of the passed stages untouched, with %s',
    async (_name, runsOn) => {
      write('ledger', '');
      write(
        'again.kdl',
        `pipeline "again"
       stage "build" { ${runsOn}; run "echo build >> ledger"; run "echo tag=v7 >> $BUILDIT_OUTPUT" }
       stage "test" needs="build" { ${runsOn}; run "echo test \${stages.build.outputs.tag} >> ledger" }
       stage "ship" needs="test" { ${runsOn}; run "echo ship >> ledger" }`,
      );
      expect((await product.run('run', 'again.kdl', '--in-place')).code).toBe(0);
      expect(readLedger()).toEqual(['build', 'test v7', 'ship']);
      const again = await product.run('runs', 'retry', '@last', '--from', 'test');
      expect(again.code).toBe(0);
      expect(again.stderr).toContain('carried from');
      expect(readLedger()).toEqual(['build', 'test v7', 'ship', 'test v7', 'ship']);
    },
    60_000,
  );
});
