// The product's own ranking, from its source, with the evaluation's patterns as a bank of the same age and without outcomes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../../..');
const NOW = '2026-01-01T00:00:00.000Z';

/** A function of a task's words that gives the ids of the patterns that would be offered, best first. */
export async function productRanking(patterns) {
  const { bestFitting, indexOf, OFFERED, patternText, readFields } = await load();
  const bank = patterns.map((value) => {
    const key = `pattern/bank/${value.pattern_id}`;
    return { ...readFields(value, key), key, tags: value.tags, succeeded: 0, of: 0, at: NOW };
  });
  const index = indexOf(bank.map(patternText));
  return (words) => bestFitting(words, (at) => bank[at], index, { limit: OFFERED, now: Date.parse(NOW) }).map(({ id }) => id);
}

async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'git-session-eval-'));
  try {
    const outfile = join(folder, 'product.mjs');
    const contents = `
      export { indexOf } from './src/core/fit/fit-index.ts';
      export { readFields } from './src/core/pattern/pattern.ts';
      export { bestFitting, OFFERED, patternText } from './src/core/pattern/rank.ts';`;
    await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', format: 'esm', outfile });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
