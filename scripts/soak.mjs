/**
 * The tests that kill, race and fill disks, longer and with more of everything: `npm run soak [-- --seed <n>] [--seconds <n>] [file…]`.
 * Prints its seed first; the same seed makes the same choices again, though not the same moments of other processes.
 */

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, seconds: { type: 'string', default: '60' } },
});
const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000));
for (const [name, value] of Object.entries({ seed, seconds: values.seconds })) {
  if (/^[1-9]\d{0,8}$/.test(value)) continue;
  console.error(`--${name} takes a number from 1 on, not ${JSON.stringify(value)}`);
  process.exit(2);
}
const SOAKS = [
  'git/lock',
  'journal-processes',
  'checkpoint-kill',
  'checkpoint-many',
  'fold-many',
  'closeout-kill',
  'full-disk',
  'bad-input',
  'e2e/model',
];
const repeat = `npm run soak -- --seed ${seed} --seconds ${values.seconds}`;
console.log(`seed ${seed}; again with: ${repeat} ${positionals.join(' ')}`);
const files = positionals.length > 0 ? positionals : SOAKS;
// One file after the other: what is looked for is what the machine does to one of them.
const args = ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=3600000', '--fileParallelism=false', ...files];
const ran = spawnSync(process.execPath, args, {
  stdio: 'inherit',
  env: { ...process.env, GIT_SESSION_SOAK_SEED: seed, GIT_SESSION_SOAK_SECONDS: values.seconds },
});
if (ran.status !== 0) console.log(`seed ${seed} failed; again with: ${repeat} ${positionals.join(' ')}`);
process.exitCode = ran.status ?? 1;
