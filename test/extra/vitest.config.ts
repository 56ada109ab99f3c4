import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Suites that need a program which not every machine has: each has an npm script of its own. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
    // Real clients on a machine that may be busy, some tests with several of their runs: only what hangs is ended, and each run before the test.
    testTimeout: 2_400_000,
    hookTimeout: 60_000,
    // Clients take seconds to start and want whole cores; side by side they took each other for hanging.
    fileParallelism: false,
    pool: 'forks',
    include: ['test/extra/**/*.test.ts'],
  },
});
