import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canMount, mountSmallDisk, type SmallDisk } from '../env/small-disk.ts';
import { openProduct, type Product } from './product.ts';

/** Both databases, logs and sources of a few runs. */
const SIZE = '512m';
const LIMIT_MS = 300_000;
const FILE = `pipeline "counts" { param "lines" default="1" }
stage "counts" {
  executor "process"
  run "i=0; while [ $i -lt \${params.lines} ]; do i=$((i+1)); echo line $i; sleep 0.2; done"
}
`;
const WITHOUT = canMount ? '' : ' (skipped: this account may not mount a small disk)';

describe.skipIf(!canMount)(`a data folder whose disk is full${WITHOUT}`, () => {
  let product: Product;
  let disk: SmallDisk;
  let folder: string;
  beforeAll(() => {
    product = openProduct();
    folder = mkdtempSync(join(tmpdir(), 'buildit-small-'));
    disk = mountSmallDisk(folder, SIZE);
    product.environment['BUILDIT_DATA'] = folder;
    writeFileSync(join(product.folder, 'counts.kdl'), FILE);
  });
  afterAll(async () => {
    await product.dispose();
    disk.dispose();
    rmSync(folder, { recursive: true });
  }, LIMIT_MS);

  test(
    'starts no engine and says what it lacks; with room it starts',
    async () => {
      await product.run('engine', 'stop');
      const giveRoom = disk.fill();
      const refused = await product.run('run', 'counts.kdl').finally(giveRoom);
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('error[disk-full]') });
      expect(refused.stderr).toContain('make room');
      expect(await product.run('run', 'counts.kdl')).toMatchObject({ code: 0 });
    },
    LIMIT_MS,
  );

  test(
    'ends what prints errored by that, and everything goes on once there is room',
    async () => {
      const running = product.start('run', 'counts.kdl', '--param', 'lines=600');
      await running.shows('line 5');
      const giveRoom = disk.fill();
      try {
        await running.shows('No space left');
      } finally {
        giveRoom();
      }
      const { code, stderr } = await running.ended;
      expect(code).toBe(7);
      expect(stderr).toContain('◆ errored');
      expect(await product.run('run', 'counts.kdl')).toMatchObject({ code: 0 });
    },
    LIMIT_MS,
  );
});
