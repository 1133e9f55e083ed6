import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const VALUE = 'hunter2/+s3cr3t&value=42';
const PIPELINE = `
pipeline "secret"
stage "container" { image "busybox:1.37"; secret "TOKEN"; ${leaks()} }
stage "process" { executor "process"; secret "TOKEN"; ${leaks()} }
`;

/** Every way in which a script could print it: whole, in two writes, over two lines' worth of buffer, encoded. */
function leaks(): string {
  return `
  run "echo whole: $TOKEN"
  run "printf '%s' \\"split: $TOKEN\\" | head -c 15; sleep 1; printf '%s' \\"split: $TOKEN\\" | tail -c +16; echo"
  run "printf '%s' \\"$TOKEN\\" | base64"
  run "printf '%s' \\"x$TOKEN\\" | base64"
  run "printf '%s' \\"$TOKEN\\" | sed 's|/|%2F|g; s|+|%2B|g; s|&|%26|g; s|=|%3D|g'"
`;
}

const ENCODED = [
  VALUE,
  Buffer.from(VALUE).toString('base64').slice(0, -2),
  Buffer.from(`x${VALUE}`).toString('base64').slice(4, -4),
  encodeURIComponent(VALUE),
];

describeWith(['docker', 'temporal'], 'a secret of a run', () => {
  let product: Product;
  let shown: string;
  let listings = '';

  beforeAll(async () => {
    product = openProduct();
    writeFileSync(join(product.folder, 'secret.kdl'), PIPELINE);
    writeFileSync(join(product.folder, '.secrets'), `TOKEN="${VALUE}"\n`);
    const running = product.start('run', 'secret.kdl', '--secret-file', '.secrets');
    await running.shows('whole: ***');
    listings = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    const { code, stdout, stderr } = await running.ended;
    if (code !== 0) throw new Error(`the run ended with ${code}\n${stderr}`);
    shown = stdout + stderr;
  }, 60_000);
  afterAll(async () => {
    await product.dispose();
  });

  test('is masked in what is shown, however it is printed', () => {
    expect(shown).toContain('whole: ***');
    expect(shown).toContain('split: ***');
    for (const form of ENCODED) expect(shown).not.toContain(form);
  });

  test('is in no list of processes', () => {
    for (const form of ENCODED) expect(listings).not.toContain(form);
  });

  test('is in no file of the data folder: logs, histories, database', async () => {
    // Stopped, so that the databases have written what they hold.
    await product.run('engine', 'stop');
    const folder = product.environment['BUILDIT_DATA'] ?? '';
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(names.length).toBeGreaterThan(100);
    const found = names
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => {
        const content = readFileSync(path);
        return ENCODED.some((form) => content.includes(form));
      });
    expect(found).toEqual([]);
  });
});
