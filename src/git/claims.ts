/** Commits that say of themselves what they are. What they say is not believed. */

import { ask, type Repo } from './run.ts';

/** Commits of the first-parent line whose message has a line `Session-Event: closeout`, and the session that their trailers name. */
export async function closeoutClaims(repo: Repo, tip: string): Promise<{ commit: string; session: string }[]> {
  const format = '%H%x00%(trailers:key=Session-Id,valueonly,separator=%x2C)';
  const out = await ask(repo, ['log', '--first-parent', ...saying('closeout'), `--format=${format}`, '--end-of-options', tip]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [commit = '', session = ''] = line.split('\0');
      return { commit, session };
    });
}

/** Messages in a branch's whole history that have a line `Session-Event: setup`, newest first. */
export async function setupClaims(repo: Repo, tip: string): Promise<string[]> {
  const out = await ask(repo, ['log', '--topo-order', ...saying('setup'), '--format=%B%x00', '--end-of-options', tip]);
  return out
    .split('\0')
    .map((message) => message.trim())
    .filter(Boolean);
}

const saying = (event: string) => ['--regexp-ignore-case', `--grep=^Session-Event: *${event}`];
