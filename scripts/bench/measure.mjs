// Times whole processes. Subject and baseline run in turn (A B A B ...), so that a machine that slows down slows both.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** One run in milliseconds; throws where the program fails. */
export function once([file, ...args], { cwd, env, input } = {}) {
  const start = performance.now();
  const ran = spawnSync(file, args, { cwd, env, input: input ?? '', stdio: ['pipe', 'ignore', 'pipe'] });
  const ms = performance.now() - start;
  if (ran.status !== 0) throw new Error(`${file} ${args.join(' ')} exited with ${ran.status}: ${ran.stderr}`);
  return ms;
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/**
 * Medians of several named runs taken in turn. `runs` maps a name to a function that does one run and returns milliseconds.
 * The first round warms up and is not counted.
 */
export async function inTurn(runs, rounds) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const ms = await run(round);
      if (round >= 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/** Milliseconds of processor time that a program and what it starts take, as the mean of `n` runs in a row; `input` is a file. */
export function processorTime([file, ...args], { cwd, env, input, n = 10 }) {
  const loop = 'i=0; while [ $i -lt "$0" ]; do "$@" <"$INPUT" >/dev/null || exit 1; i=$((i+1)); done; times';
  const ran = spawnSync('sh', ['-c', loop, String(n), file, ...args], { cwd, env: { ...env, INPUT: input }, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${file} ${args.join(' ')} exited with ${ran.status}: ${ran.stderr}`);
  // The second line is of the children: "0m1.230s 0m0.150s".
  const spent = [...(ran.stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return (spent.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) * 1000) / n;
}
