/**
 * Loaded into the built command line before it begins: the process kills itself with `kill -9` before it does something to disk, or starts a
 * git that does, for the n-th time. By count and not by the clock, so that a seed kills at the same place again.
 */

const child_process = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

/** Commands of git that only look. */
const LOOKS =
  /^(rev-parse|rev-list|for-each-ref|cat-file|ls-tree|ls-files|diff|diff-tree|status|config|log|merge-base|show-ref|var|version|check-ignore|check-attr|remote|name-rev|verify-tag|verify-commit)$/;

let left = Number(process.env.KILL_AT);

function act() {
  if (--left === 0) process.kill(process.pid, 'SIGKILL');
}

for (const name of [
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'renameSync',
  'rmSync',
  'linkSync',
  'mkdirSync',
  'copyFileSync',
  'cpSync',
])
  wrap(fs, name, () => true);
for (const name of ['spawn', 'spawnSync', 'execFile', 'execFileSync']) {
  wrap(child_process, name, (_file, args) => {
    const words = Array.isArray(args) ? args.map(String) : [];
    const command = words.find((word, n) => !word.startsWith('-') && words[n - 1] !== '-c' && words[n - 1] !== '-C');
    return !LOOKS.test(command ?? '');
  });
}
syncBuiltinESMExports();

function wrap(module, name, counts) {
  const real = module[name];
  module[name] = function (...args) {
    if (counts(...args)) act();
    return real.apply(this, args);
  };
}
