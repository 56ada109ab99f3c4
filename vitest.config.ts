import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Hundreds of real processes on a shared machine: one more try there, so that a starved one is no red. Locally none.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    // Tests wait for git and node processes more than they compute; the default leaves one core idle.
    maxWorkers: Math.max(2, availableParallelism() + 1),
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/extra/**', 'node_modules/**'],
  },
});
