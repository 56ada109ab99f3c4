/**
 * Each git command is run once in a repository with the manager alone, and once in the same one with git-session in a session.
 * The person's own hooks must be given the same, and the person must see the same.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { run, tempDir } from '../../support/repo.ts';
import { type Arena, arena, PLACES, type Place, prepared } from './arena.ts';
import { install, missing, PATH, POOR } from './installed.ts';
import { MANAGERS, type Manager, type ManagerName } from './managers.ts';
import { git, OPERATIONS } from './operations.ts';
import { outcome } from './outcome.ts';
import { type Kind, writeSpy } from './spy.ts';

/** Some hundred hooks, beside managers that each start programs of their own, on a machine that may be busy: only what hangs is ended. */
const SLOW = 3_600_000;

/** As most people have it: for the other kinds there is a hook of ours alone. */
const FEW: readonly Kind[] = ['pre-commit', 'commit-msg'];

/** How git-session is set up, with what is added to `init`. */
const MODES = { 'for everybody': [], 'in this clone alone': ['--local'] } as const;
type Mode = keyof typeof MODES;

/** The rows of the matrix for one manager. */
export function matrix(name: ManagerName): void {
  beforeAll(() => {
    install();
    writeSpy();
  }, SLOW);

  describe(name, () => {
    const manager = MANAGERS[name];
    const modes = (Object.keys(MODES) as Mode[]).filter((mode) => !(manager.tracked && mode === 'in this clone alone'));
    const cell = async (place: Place, kinds: readonly Kind[]) => {
      const why = missing(manager.needs);
      if (why) return expect.unreachable(why);
      const alone = await arena(manager, place, kinds);
      const ours: [Mode, Arena][] = [];
      for (const mode of modes) ours.push([mode, await arena(manager, place, kinds, MODES[mode])]);
      await same(alone, ours, kinds, place === 'main worktree' && kinds !== FEW);
      for (const [, at] of ours) {
        await refusesStrays(at);
        await livesOn(at);
      }
    };
    // Some hundred changes of refs are enough in one place.
    const kindsAt = (place: Place) => manager.kinds.filter((kind) => place === 'main worktree' || kind !== 'reference-transaction');
    test.each(PLACES)('%s', (place) => cell(place, kindsAt(place)), SLOW);
    test.runIf(manager.kinds.length > 0)('main worktree, with two hooks', () => cell('main worktree', FEW), SLOW);
    test.each(Object.keys(MODES) as Mode[])('uninstall puts configuration and scripts back to the byte, set up %s', async (mode) => {
      const why = missing(manager.needs);
      if (why) return expect.unreachable(why);
      await comesOff(manager, MODES[mode]);
    });
  });
}

/** Every operation of this place gives the same with us as without, and each hook of the person's had its turn. */
async function same(alone: Arena, ours: [Mode, Arena][], kinds: readonly Kind[], whole: boolean): Promise<void> {
  let seen = '';
  for (const operation of OPERATIONS) {
    if (!operation.everywhere && !whole) continue;
    if (operation.fail && !kinds.includes(operation.fail)) continue;
    const before = await outcome(alone, operation);
    for (const [mode, at] of ours) {
      const named = `${operation.name}, set up ${mode}`;
      expect.soft(await outcome(at, operation), named).toEqual(before);
      const trailer = git(at.top, 'log', '-1', '--format=%(trailers:key=Session-Id,valueonly)');
      if (operation.own) expect.soft(trailer, named).toMatch(/^session-.*-auth-system$/);
    }
    seen += before.hooks;
    if (operation.fail) expect.soft([...before.out, ...before.err].join('\n'), operation.name).toContain(`${operation.fail}: refused by`);
    if (operation.own || operation.name === 'merge') expect(before.moved, operation.name).toBe(true);
  }
  const called = new Set(seen.match(/(?<=^=== )[a-z-]+/gm));
  const rare: Kind[] = ['pre-rebase', 'pre-merge-commit'];
  for (const kind of kinds) if (whole || !rare.includes(kind)) expect(called, kind).toContain(kind);
}

/** Ours refuses a stray of an agent, whoever looks after the hooks; a graphical client has little of a PATH, and the program is found all the same. */
async function refusesStrays({ top, cwd }: Arena): Promise<void> {
  writeFileSync(join(top, 'stray.txt'), 'x\n');
  git(top, 'add', 'stray.txt');
  for (const path of [PATH, POOR]) {
    const ran = await run('git', ['commit', '-m', 'stray'], { cwd, env: { PATH: path, CLAUDECODE: '1' } });
    expect([ran.code, ran.out + ran.err]).toEqual([1, expect.stringContaining('stray.txt')]);
  }
}

/** The tool removed, and no program to be found but git's own: the commit goes through. */
async function livesOn({ top, cwd }: Arena): Promise<void> {
  const common = git(top, 'rev-parse', '--path-format=absolute', '--git-common-dir');
  writeFileSync(join(common, 'git-session/tool'), '/nowhere/node\n/nowhere/hook.cjs\n');
  const env = { CLAUDECODE: '1' };
  expect((await run('git', ['commit', '-m', 'Node is gone'], { cwd, env: { ...env, PATH } })).code).toBe(0);
  rmSync(join(common, 'git-session'), { recursive: true });
  const bare = await run('git', ['commit', '--allow-empty', '-m', 'all is gone'], { cwd, env: { ...env, PATH: POOR } });
  expect(bare.code, bare.err).toBe(0);
}

async function comesOff(manager: Manager, init: readonly string[]): Promise<void> {
  const repo = prepared(tempDir(), manager, manager.kinds);
  manager.install(repo.dir, manager.kinds);
  const state = () => {
    const copy = join(tempDir(), 'hooks');
    cpSync(join(repo.dir, '.git/hooks'), copy, { recursive: true });
    const hooks = execFileSync('sh', ['-c', 'for f in *; do ls -l "$f" | cut -c1-10; cat "$f"; done'], { cwd: copy, encoding: 'utf8' });
    const tree = [repo.git('rev-parse', 'main^{tree}'), repo.git('status', '--porcelain', '--ignored')];
    return [...tree, repo.read('.git/config'), repo.read('.git/info/exclude'), hooks];
  };
  const first = state();
  await repo.ok(['init', '--yes', '--no-detect', '--no-agent', '--no-approver', ...init], { env: { PATH } });
  await repo.ok(['uninstall', '--yes'], { env: { PATH } });
  expect(state()).toEqual(first);
}
