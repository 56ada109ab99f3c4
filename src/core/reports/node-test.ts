/** The closing lines of `node --test`, in its spec and its TAP form. Pure. */

import { counts, type TestCounts } from './counts.ts';

const KEYS = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms'];

/**
 * Counts of each closing block, or null where there is none. A file without a test is a passing "test" to node, under
 * the file's own name: `isFile` tells such names, and they are not counted.
 */
export function countNodeTest(lines: readonly string[], isFile: (name: string) => boolean): TestCounts | null {
  const blocks = closingBlocks(lines);
  if (blocks.length === 0) return null;
  const sum = (key: string) => blocks.reduce((n, block) => n + (block.get(key) ?? 0), 0);
  const empty = lines.filter((line) => {
    const name = /^✔ (.+) \([\d.]+ms\)$/.exec(line)?.[1] ?? /^ok \d+ - ([^#]+)$/.exec(line)?.[1];
    return name !== undefined && isFile(name.trim());
  }).length;
  return counts(Math.max(0, sum('pass') - empty), sum('fail') + sum('cancelled'), sum('skipped') + sum('todo'));
}

/** Blocks that hold every key in node's order: single lines of a test's own output do not count. */
function closingBlocks(lines: readonly string[]): Map<string, number>[] {
  const blocks: Map<string, number>[] = [];
  let block = new Map<string, number>();
  for (const line of lines) {
    const [, key = '', value = ''] = /^(?:ℹ|#) (\w+) ([\d.]+)$/.exec(line) ?? [];
    if (key !== KEYS[block.size]) block = new Map();
    if (key !== KEYS[block.size]) continue;
    block.set(key, Number(value));
    if (block.size < KEYS.length) continue;
    blocks.push(block);
    block = new Map();
  }
  return blocks;
}
