import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * Files of code that a process has loaded when it begins its work, at most. Each takes a third of a millisecond of
 * processor time, which a cold first run waits for: what only some runs need is imported by those. One that is needed
 * raises its figure here.
 */
const LOADED = { 'temporal/main.ts': 680, 'api/main.ts': 775, 'engine/main.ts': 60 };
const BY_RUN = 215;

const ROOT = resolve(import.meta.dirname, '../..');
const COUNT = fileURLToPath(new URL('count-modules.ts', import.meta.url));

/** Runs an entry that finds nothing to do, and answers what it had loaded by then. */
function countLoaded(entry: string, ...args: string[]): number {
  const { stdout } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', COUNT, join(ROOT, entry), ...args],
    // Without settings worker and API end as soon as they look for them.
    { cwd: ROOT, env: { PATH: process.env['PATH'] }, input: '', encoding: 'utf8' },
  );
  return Number(stdout.trimEnd().split('\n').at(-1));
}

test.each(Object.entries(LOADED))('%s begins its work with %i files of code at most', (entry, most) => {
  const loaded = countLoaded(entry);
  expect(loaded).toBeGreaterThan(most * 0.9);
  expect(loaded).toBeLessThanOrEqual(most);
});

test(`"buildit run" has compiled a file with ${BY_RUN} files of code at most`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-code-'));
  writeFileSync(join(folder, 'wrong.kdl'), 'stage "a" { run "true" }\n');
  const loaded = countLoaded('cli/main.ts', 'run', join(folder, 'wrong.kdl'));
  rmSync(folder, { recursive: true });
  expect(loaded).toBeGreaterThan(BY_RUN * 0.9);
  expect(loaded).toBeLessThanOrEqual(BY_RUN);
});
