import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, formatCounts } from './counts.ts';
import { listLeftovers, listProcesses } from './leftovers.ts';

// `npm run check`: all that must hold before a change lands, cheapest first. It goes on after a failure, so that one
// run shows all of them; each check counts as one in the closing line, beside the tests.

const checks = ['format', 'lint', 'types', 'bundle', 'build', 'knip'] as const;

function runScript(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  process.stdout.write(`\n── ${name}\n`);
  const started = performance.now();
  const { status, error } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit', env });
  if (error !== undefined) process.stderr.write(`npm does not start: ${error.message}\n`);
  const hasPassed = status === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${hasPassed ? '✓' : '✗'} ${name}  ${seconds}s\n`);
  return hasPassed;
}

function runTests(): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-check-'));
  const file = join(folder, 'counts.json');
  try {
    const hasPassed = runScript('test', { ...process.env, BUILDIT_TEST_COUNTS: file });
    const counts = readCounts(file);
    // A test command that fails without a failed test (a crash, a bad setting) is one failure.
    if (!hasPassed && counts.failed === 0) counts.failed += 1;
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts {
  try {
    const counts: Counts = JSON.parse(readFileSync(file, 'utf8'));
    return counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const failed: string[] = checks.filter((name) => !runScript(name));
const before = await listProcesses();
const counts = runTests();
let total = checks.length;
// On a developer's machine an engine of theirs may start meanwhile; in CI whatever is new was left by a test.
if (process.env['CI'] === 'true') {
  total += 1;
  const left = await listLeftovers(before);
  for (const line of left) process.stdout.write(`left running by a test: ${line}\n`);
  if (left.length > 0) failed.push('leftovers');
}
if (failed.length > 0) process.stdout.write(`failed checks: ${failed.join(', ')}\n`);
counts.passed += total - failed.length;
counts.failed += failed.length;
process.exitCode = counts.failed === 0 ? 0 : 1;
process.stdout.write(`${formatCounts(counts)}\n`);
