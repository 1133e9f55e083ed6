import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import type { EngineRole } from '#core/engine-file.ts';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

/**
 * Kills each process of the engine with `kill -9` while two stages, one in a container and one as a process, print
 * 10 MB with NULs, invalid UTF-8 and no last newline for about 20 seconds, part of it while no worker lives. The
 * ledger is a file outside BuildIt that the stages themselves write.
 */
const PARTS = 20;
const STAGES = ['container', 'process'] as const;

const steps = (name: string) => `
  run "echo ${name} >> ledger"
  run "i=0; while [ $i -lt ${PARTS} ]; do cat blob; sleep 1; i=$((i+1)); done; printf end"
`;
const PIPELINE = `
pipeline "survivor"
stage "container" { image "busybox:1.37"; ${steps('container')} }
stage "process" { executor "process"; ${steps('process')} }
stage "after" { needs "container" "process"; executor "process"; run "echo after >> ledger" }
`;

const ALL: EngineRole[] = ['supervisor', 'worker', 'temporal', 'postgres', 'api'];
const VICTIMS: EngineRole[][] = [['worker'], ['temporal'], ['postgres'], ['api'], ['supervisor'], ALL];

describeWith(['docker', 'temporal'], 'a run survives kill -9', () => {
  let product: Product;
  let expected: Buffer;

  beforeAll(() => {
    product = openProduct();
    // Every byte value, so NULs and invalid UTF-8 are in it.
    const blob = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(512 * 1024)]);
    writeFileSync(join(product.folder, 'blob'), blob);
    writeFileSync(join(product.folder, 'survivor.kdl'), PIPELINE);
    expected = Buffer.concat([...Array.from({ length: PARTS }, () => blob), Buffer.from('end')]);
  });
  afterAll(async () => {
    await product.dispose();
  });

  beforeEach(() => {
    writeFileSync(join(product.folder, 'ledger'), '');
    // What still runs would write into the ledger of the next try.
    onTestFailed(async () => void (await product.run('cancel', '@last', '--force')), 60_000);
  });

  const readLedger = () => readFileSync(join(product.folder, 'ledger'), 'utf8').split('\n').filter(Boolean).toSorted();
  const waitForBothStages = async () => {
    while (readLedger().length < STAGES.length) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const checkWitnesses = async () => {
    expect(readLedger()).toEqual(['after', ...STAGES]);
    for (const stage of STAGES) {
      const { bytes } = await product.run('runs', 'logs', '@last', stage, '--raw');
      expect(describeBytes(bytes, expected)).toEqual(describeBytes(expected, expected));
    }
  };

  test.each(VICTIMS.map((roles) => [roles.join(', '), roles] as const))(
    'of %s, while the command waits',
    async (_name, roles) => {
      const running = product.start('run', 'survivor.kdl', '--in-place');
      await waitForBothStages();
      await product.kill(...roles);
      const { code, stderr } = await running.ended;
      expect(stderr).toContain('3 passed');
      expect(code).toBe(0);
      await checkWitnesses();
    },
    150_000,
  );

  test('of everything, after --detach: the next command revives it', async () => {
    const { code } = await product.run('run', 'survivor.kdl', '--in-place', '--detach');
    expect(code).toBe(0);
    await waitForBothStages();
    await product.kill(...ALL);
    const watched = await product.run('runs', 'watch', '@last');
    expect(watched.code).toBe(0);
    await checkWitnesses();
  }, 150_000);
});

/** What is compared: the digest, and enough to see where two logs part. */
function describeBytes(bytes: Buffer, expected: Buffer) {
  const digest = createHash('sha256').update(bytes).digest('hex');
  let same = 0;
  while (same < bytes.length && bytes[same] === expected[same]) same++;
  return { digest, length: bytes.length, same };
}
