import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../exit.ts';
import { ensureWeb, requireWeb } from './ensure-web.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'buildit-web-'));
  mkdirSync(join(home, 'web/build'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const builder = (program: string) => writeFileSync(join(home, 'web/build/main.ts'), program);

test('an API alone is not ready without a built interface', () => {
  expect(() => requireWeb(home)).toThrow(expect.objectContaining({ exit: EXIT.notReady }));
  mkdirSync(join(home, 'web/dist'));
  writeFileSync(join(home, 'web/dist/index.html'), '');
  expect(() => requireWeb(home)).not.toThrow();
});

test('a build that works is awaited', async () => {
  builder(`import { writeFileSync } from 'node:fs';\nwriteFileSync(import.meta.dirname + '/built', '');`);
  await ensureWeb(home);
  builder(`import { readFileSync } from 'node:fs';\nreadFileSync(import.meta.dirname + '/built');`);
  await expect(ensureWeb(home)).resolves.toBeUndefined();
});

test('a build that fails is told with its reason', async () => {
  builder(
    `console.error('\\u001b[31mfirst\\u001b[0m');\nconsole.error('Error: web/src/main.tsx is broken');\nprocess.exit(1);`,
  );
  await expect(ensureWeb(home)).rejects.toMatchObject({
    exit: EXIT.notReady,
    fault: { code: 'web-not-built', cause: 'Error: web/src/main.tsx is broken' },
  });
});
