import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Suites that need a program which not every machine has: each has an npm script of its own. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
    // Real clients on a machine that may be busy: only what hangs is ended.
    testTimeout: 300_000,
    hookTimeout: 60_000,
    pool: 'forks',
    include: ['test/extra/**/*.test.ts'],
  },
});
