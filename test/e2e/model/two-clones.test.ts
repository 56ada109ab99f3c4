/** Two clones at work on the same sessions, with a remote between them: whatever one has told and pushed, the other has after a sync, and nothing is lost on the way. */

import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { signWith } from '../../support/approved-repo.ts';
import { approvedRepo } from '../../support/landed.ts';
import { TestRepo } from '../../support/repo.ts';
import { soakSeconds } from '../../support/soak.ts';
import type { Draw } from './draw.ts';
import { FIRST, walk } from './runner.ts';
import { AGENT, PERSON, SESSION, type Steps } from './steps/index.ts';
import { push, type Remote, sync } from './steps/remote.ts';
import { READY, World } from './world.ts';

const STEPS = 600;

test(`two clones lose nothing to each other (seed ${FIRST})`, { timeout: (soakSeconds(0) + 1800) * 1000 }, () =>
  walk(STEPS, (draw) => {
    const remote: Remote = new Map();
    const { edit, stage, commit, 'git switch': switchByGit } = PERSON;
    const { start, switch: switchTo, list, status } = SESSION;
    const {
      'agent edits': edits,
      'task ends': ends,
      'memory store': store,
      'memory delete': forget,
      'memory get': get,
      'memory list': all,
    } = AGENT;
    const steps = {
      ...{ edit, stage, commit, 'git switch': switchByGit, start, switch: switchTo, list, status },
      ...{ 'agent edits': edits, 'task ends': ends, 'memory store': store, 'memory delete': forget, 'memory get': get, 'memory list': all },
      ...{ 'git push': [12, push(remote)], sync: [14, sync(remote)] },
    } as Steps;
    return { steps, worlds: twoClones(draw) };
  }),
);

function twoClones(draw: Draw): World[] {
  const { repo, key } = approvedRepo(READY);
  const [origin, other] = [join(dirname(repo.dir), 'origin.git'), join(dirname(repo.dir), 'other')];
  execFileSync('git', ['clone', '-q', '--bare', repo.dir, origin]);
  repo.git('remote', 'add', 'origin', origin);
  execFileSync('git', ['clone', '-q', origin, other]);
  signWith(new TestRepo(other), key);
  return [repo, new TestRepo(other)].map((clone) => new World(draw, clone));
}
