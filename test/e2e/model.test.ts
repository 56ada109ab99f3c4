/**
 * Commands in any order, plain git in between, and kill -9: after each step a small model of what must exist agrees with git. A refused
 * command has changed nothing, no commit is out of reach, and nobody's uncommitted file is another.
 */

import { expect, test } from 'vitest';
import { approvedRepo } from '../support/landed.ts';
import { World } from '../support/model-world.ts';
import { randomOf, SEED, soakSeconds } from '../support/soak.ts';

const SECONDS = soakSeconds(30);
/** A repository sees so many steps; then another begins. */
const STEPS = 120;
/** So many there are in any case, however slow the machine is. */
const LEAST = 120;

test(`any order of commands leaves what must exist (seed ${SEED})`, { timeout: (SECONDS + 570) * 1000 }, async () => {
  const origin = process.cwd();
  const until = Date.now() + SECONDS * 1000;
  const [done, refused] = [new Map<string, number>(), new Map<string, number>()];
  let steps = 0;
  const goesOn = () => Date.now() < until || steps < LEAST;
  try {
    for (let round = 0; goesOn(); round++) {
      const { repo } = approvedRepo({ policy: '', files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' } });
      const world = new World(repo, randomOf(SEED + round * 7919));
      try {
        for (let n = 0; n < STEPS && goesOn(); n++, steps++) {
          const told = world.told.length;
          await world.step();
          if (world.told.length > told) await world.agree();
        }
      } catch (error) {
        throw new Error(
          `seed ${SEED}, repository ${round}, in ${repo.dir}:\n${world.told.slice(-60).join('\n')}\n${(error as Error).message}`,
          {
            cause: error,
          },
        );
      }
      for (const [from, to] of [
        [world.done, done],
        [world.refused, refused],
      ] as const)
        for (const [name, count] of from) to.set(name, (to.get(name) ?? 0) + count);
    }
  } finally {
    process.chdir(origin);
  }
  console.log(`seed ${SEED}: ${steps} steps, done ${JSON.stringify([...done])}, refused ${JSON.stringify([...refused])}`);
  const rare = steps < 1500 ? [] : ['abandon', 'restore', 'switch', 'closeout', 'prepare', 'kill'];
  for (const name of ['start', 'checkpoint', 'undo', ...rare]) expect(done.get(name), name).toBeGreaterThan(0);
});
