import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './scripts/count-reporter.ts'],
    globalSetup: ['test/env/global-setup.ts'],
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.cache/**', 'web/dist/**', 'coverage/**'],
    // The Temporal SDK holds native threads and one Runtime a process: threads as a pool crash it.
    pool: 'forks',
    maxWorkers: 2,
    // Real servers on a busy two-core machine: a race of a test with them may be lost once. It is shown as `(retry x1)`
    // and is to be mended; lost twice it is a failure.
    retry: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
