import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const home = resolve(import.meta.dirname, '../..');
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs vitest with our reporter on the given test files; answers the exit code and the last line of its output. */
async function runVitest(files: Record<string, string>): Promise<{ code: number | null; last: string | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-reporter-'));
  made.push(folder);
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  const reporter = JSON.stringify(join(home, 'scripts/count-reporter.ts'));
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { reporters: ['default', ${reporter}] } };\n`,
  );
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const { BUILDIT_TEST_COUNTS: _, ...env } = process.env;
  return new Promise((done) => {
    const vitest = join(home, 'node_modules/vitest/vitest.mjs');
    const child = execFile(process.execPath, [vitest, 'run'], { cwd: folder, env }, (_error, stdout) => {
      done({ code: child.exitCode, last: stdout.trimEnd().split('\n').at(-1) });
    });
  });
}

const header = "import { expect, test } from 'vitest';\n";

test('the last line counts what passed, failed and was skipped', async () => {
  const body = `${header}test('a', () => {});\ntest('b', () => expect(1).toBe(2));\ntest.skipIf(true)('c', () => {});\n`;
  expect(await runVitest({ 'x.test.ts': body })).toEqual({ code: 1, last: '1 passed, 1 failed, 1 skipped' });
});

test('a run without failures exits 0', async () => {
  const files = { 'x.test.ts': `${header}test('a', () => expect(1).toBe(1));\n` };
  expect(await runVitest(files)).toEqual({ code: 0, last: '1 passed, 0 failed, 0 skipped' });
});

test('a file that does not load is a failure', async () => {
  const files = { 'x.test.ts': `${header}test('a', () => {});\n`, 'y.test.ts': "throw new Error('no');\n" };
  expect(await runVitest(files)).toEqual({ code: 1, last: '1 passed, 1 failed, 0 skipped' });
});

test('an error outside of any test is a failure', async () => {
  const body = `${header}test('a', () => void Promise.reject(new Error('lost')));\n`;
  expect(await runVitest({ 'x.test.ts': body })).toEqual({ code: 1, last: '1 passed, 1 failed, 0 skipped' });
});

test('a run without a test is a failure', async () => {
  expect(await runVitest({})).toEqual({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
});
