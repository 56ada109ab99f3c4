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
/** For processor time: what else runs on the machine only adds to it. */
export const least = (list) => Math.min(...list);

/**
 * Several named runs taken in turn, each as the median of its rounds, or what `pick` makes of them. `runs` maps a name to a function that does
 * one run and returns milliseconds. The first round warms up and is not counted.
 */
export async function inTurn(runs, rounds, pick = median) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const ms = await run(round);
      if (round >= 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, pick(list)]));
}

/**
 * Milliseconds of processor time (user and system, of the program and what it starts), as the mean of `n` runs in a row. `input`: a file, or
 * with `each` the beginning of the names of one for each run, which end in its number from 0; `file`: grows by a line before each run, so that
 * none finds what the run before it wrote.
 */
export function processorTime([program, ...args], { cwd, env, input, each = false, file = '/dev/null', n = 40 }) {
  const from = each ? '$INPUT$i' : '$INPUT';
  const loop = `i=0; while [ $i -lt "$0" ]; do echo "// $$ $i" >>"$FILE"; "$@" <"${from}" >/dev/null || exit 1; i=$((i+1)); done; times`;
  const ran = spawnSync('sh', ['-c', loop, String(n), program, ...args], {
    cwd,
    env: { ...env, INPUT: input, FILE: file },
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${ran.status}: ${ran.stderr}`);
  // The second line is of the children: "0m1.230s 0m0.150s".
  const spent = [...(ran.stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return (spent.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) * 1000) / n;
}
