/** Commands in any order in one clone and its worktrees, and plain git in between: after each step a small model of what must exist agrees with git. */

import { test } from 'vitest';
import { soakSeconds } from '../../support/soak.ts';
import { FIRST, walk } from './runner.ts';
import { AGENT, PERSON, SESSION } from './steps/index.ts';
import { oneClone } from './world.ts';

const STEPS = 900;

test(`any order of commands leaves what must exist (seed ${FIRST})`, { timeout: (soakSeconds(0) + 1800) * 1000 }, () =>
  walk(STEPS, (draw) => ({ worlds: [oneClone(draw)], steps: { ...PERSON, ...AGENT, ...SESSION } })),
);
