import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { type Counts, formatCounts } from './counts.ts';

/**
 * Ends the output of a test run with `N passed, N failed, N skipped`, alone on the last line. A file that cannot be
 * loaded and an error outside of any test count as failed; a run without a single test fails.
 * With BUILDIT_TEST_COUNTS=FILE the counts go to that file as JSON instead, for a caller that adds its own.
 */
export default function countReporter(): Reporter {
  const skipped: string[] = [];
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let ended = false;

  // A process that dies early has no `onTestRunEnd`, and teardown prints after it: the exit is the one last moment.
  process.once('exit', (code) => {
    if (!ended && counts.failed === 0) counts.failed += 1;
    if (code === 0 && counts.failed > 0) process.exitCode = 1;
    const target = process.env['BUILDIT_TEST_COUNTS'];
    if (target === undefined) process.stdout.write(`${formatCounts(counts)}\n`);
    else writeFileSync(target, JSON.stringify(counts));
  });

  return {
    onTestRunEnd(modules, unhandledErrors) {
      ended = true;
      counts.failed += unhandledErrors.length;
      for (const module of modules) countModule(module, counts, skipped);
      if (counts.passed + counts.failed + counts.skipped === 0) {
        process.stderr.write('no test was found, which counts as a failure\n');
        counts.failed += 1;
      }
      if (process.env['CI'] === 'true') for (const name of skipped) process.stderr.write(`skipped: ${name}\n`);
    },
  };
}

function countModule(module: TestModule, counts: Counts, skipped: string[]): void {
  const failedBefore = counts.failed;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    switch (state) {
      case 'passed':
        counts.passed += 1;
        break;
      case 'failed':
        counts.failed += 1;
        break;
      case 'skipped':
        counts.skipped += 1;
        skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
        break;
      case 'pending':
        // Collected, never run: the run was cut short.
        counts.failed += 1;
        break;
      default:
        state satisfies never;
    }
  }
  if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed += 1;
}
