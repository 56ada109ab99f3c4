/** The same with `kill -9` in the middle of commands: what is left is what was before or what the command makes, and the walk goes on from there. */

import { expect, test } from 'vitest';
import { soakSeconds } from '../../support/soak.ts';
import type { Draw } from './draw.ts';
import { FIRST, one, walk } from './runner.ts';
import { AGENT, KILL, PERSON, SESSION } from './steps/index.ts';
import { oneClone } from './world.ts';

const STEPS = 600;

const killed = (draw: Draw) => ({ worlds: [oneClone(draw)], steps: { ...PERSON, ...AGENT, ...SESSION, ...KILL } });

test(`a command that is killed leaves what must exist (seed ${FIRST})`, { timeout: (soakSeconds(0) + 1800) * 1000 }, () =>
  walk(STEPS, killed),
);

test('a seed takes the same steps again, and they come to the same', { timeout: 600_000 }, async () => {
  expect(await one(FIRST, killed, 25)).toEqual(await one(FIRST, killed, 25));
});
