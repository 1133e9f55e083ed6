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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
