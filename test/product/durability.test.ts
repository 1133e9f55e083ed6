import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineRole } from '#core/engine-file.ts';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

/**
 * Kills each process of the engine with `kill -9` while two stages, one in a container and one as a process, print
 * 10 MB with NULs, invalid UTF-8 and no last newline for about 20 seconds. The ledger is a file outside BuildIt that
 * the stages themselves write.
 */
const PARTS = 20;
const PIPELINE = `pipeline "survivor"
stage "container" { image "busybox:1.37"; ${steps('container')} }
stage "process" { executor "process"; ${steps('process')} }
stage "after" needs="container" { needs "process"; executor "process"; run "echo after >> ledger" }
`;

function steps(name: string): string {
  return `
  run "echo ${name} >> ledger"
  run "i=0; while [ $i -lt ${PARTS} ]; do cat blob; sleep 1; i=$((i+1)); done; printf end"
`;
}

const VICTIMS: EngineRole[][] = [
  ['worker'],
  ['temporal'],
  ['postgres'],
  ['api'],
  ['supervisor'],
  ['supervisor', 'worker', 'temporal', 'postgres', 'api'],
];

describeWith(['docker', 'temporal'], 'a run survives', () => {
  let product: Product;
  let expected: string;

  beforeAll(async () => {
    product = openProduct();
    // Every byte value, so NULs and invalid UTF-8 are in it.
    const blob = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(512 * 1024)]);
    writeFileSync(join(product.folder, 'blob'), blob);
    writeFileSync(join(product.folder, 'survivor.kdl'), PIPELINE);
    const hash = createHash('sha256');
    for (let part = 0; part < PARTS; part++) hash.update(blob);
    expected = hash.update('end').digest('hex');
    await product.run('engine', 'status');
  });
  afterAll(async () => {
    await product.dispose();
  });

  const readLedger = () => readFileSync(join(product.folder, 'ledger'), 'utf8').split('\n').filter(Boolean).toSorted();

  const checkLogs = async (run: string) => {
    for (const stage of ['container', 'process']) {
      const { stdout } = await product.run('api-log', run, stage);
      expect(stdout).toBe(expected);
    }
  };

  test.each(VICTIMS.map((roles) => [roles.join(', '), roles] as const))(
    'kill -9 of %s, waiting in the terminal',
    async (_name, roles) => {
      writeFileSync(join(product.folder, 'ledger'), '');
      const running = product.start('run', 'survivor.kdl', '--in-place');
      await waitForLedger(readLedger, 2);
      await product.kill(...roles);
      const { code, stderr } = await running.ended;
      expect(stderr).toContain('3 passed');
      expect(code).toBe(0);
      expect(readLedger()).toEqual(['after', 'container', 'process']);
      await checkLogs('@last');
    },
    120_000,
  );
});

async function waitForLedger(readLedger: () => string[], lines: number): Promise<void> {
  while (readLedger().length < lines) await new Promise((resolve) => setTimeout(resolve, 50));
}
