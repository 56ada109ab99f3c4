import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/extra/**', 'node_modules/**'],
  },
});
