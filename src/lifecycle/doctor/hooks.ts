/** Whether git runs our hooks, here and in every linked worktree, and whether what they call is there. */

import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { foundConfigured } from '../hooks/configured.ts';
import { type HookState, hookState, installHooks } from '../hooks/install.ts';
import { refreshPrivateHooks } from '../hooks/private.ts';
import type { Finding, Probe } from './finding.ts';

export const hooks: Probe = {
  name: 'hooks',
  look: async ({ repo }) => {
    // Before the states: asking for them brings the copies up to date where hooks run.
    const called = calledProgram(repo);
    const rows = (await readWorktrees(repo)).filter(({ path, prunable }) => !prunable && existsSync(join(path, '.git')));
    const places = await Promise.all(rows.map(async ({ path }) => ({ path, state: await hookState(repoAt(repo, path)) })));
    const active = places.filter(({ state }) => state === 'active');
    const good: Finding[] =
      active.length === places.length
        ? [
            {
              health: 'ok',
              what:
                places.length === 1
                  ? 'git runs the hooks'
                  : `git runs the hooks in ${places.length === 2 ? 'both' : `all ${places.length}`} worktrees`,
            },
          ]
        : [];
    return [...good, ...places.flatMap(({ path, state }) => bad(repo, path, state)), ...called, ...(await configured(repo))];
  },
};

/** Hooks of git's own configuration, which run beside ours. */
async function configured(repo: Repo): Promise<Finding[]> {
  const { hooks: found, runs, what } = await foundConfigured(repo);
  if (found.length === 0) return [];
  const broken = found.filter(({ command, enabled }) => enabled && command === null).map(({ name }) => oneLine(name, 60));
  return [
    { health: runs ? 'ok' : 'warn', what },
    ...broken.map(
      (name): Finding => ({
        health: runs ? 'fail' : 'warn',
        what: `The hook ${name} of git's configuration has no command, and git that runs such hooks commits nothing`,
        next: `git config hook.${name}.command <command>`,
      }),
    ),
  ];
}

function bad(repo: Repo, path: string, state: HookState): Finding[] {
  const again = hasLocalPolicy(repo) ? 'git session init --local' : 'git session init';
  const where = path === repo.top ? 'here' : `in ${oneLine(path, 120)}`;
  if (state === 'absent') return [{ health: 'warn', what: `No git hooks are set up ${where}`, next: again }];
  if (state === 'foreign')
    return [
      {
        health: 'warn',
        what: `Another hook manager does not call our hooks ${where}`,
        why: 'Commits of a session get no trailers, and nothing keeps secrets and strays out of them.',
        next: again,
      },
    ];
  if (state === 'active') return [];
  const mend = async () => {
    await installHooks(repo);
    const now = await hookState(repoAt(repo, path));
    if (now !== 'active') throw stateError({ what: `Installing them left the hooks ${now}.` });
    return `The hooks run ${where}.`;
  };
  return [{ health: 'fail', what: `git does not run the hooks ${where}, though they are set up`, mend }];
}

/** The Node and the program that the hooks start. Without them commits go through, and nothing is recorded or held back. */
function calledProgram(repo: Repo): Finding[] {
  const [node = '', bundle = ''] = (readOrNull(privatePaths(repo.commonDir).tool) ?? '').split('\n');
  if (node === '') return [];
  const gone = [node, bundle].filter((path, i) => !usable(path, i === 0 ? constants.X_OK : constants.R_OK));
  if (gone.length === 0) return [{ health: 'ok', what: 'The hooks find Node and git-session' }];
  return [
    {
      health: 'fail',
      what: `The hooks did not find ${gone.map((path) => oneLine(path, 160)).join(' and ')}`,
      why: 'Node or git-session was moved or removed; commits went through, and nothing looked at them.',
      mend: () => {
        refreshPrivateHooks(repo);
        return `The hooks start ${process.execPath} again.`;
      },
    },
  ];
}

function usable(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
