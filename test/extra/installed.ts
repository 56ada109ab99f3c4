/** Real clients of agents from the npm registry, kept in the temporary folder between runs. */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeRepo, makeSshKey, run, type TestRepo } from '../support/repo.ts';

/** So long an installation may take, in milliseconds. */
export const INSTALLS = 900_000;
/** A client that has not ended by then hangs, in milliseconds: it is ended, and the test shows what it said. */
export const HANGS = 600_000;

/** The path of a client's program; the first time it is installed (up to 400 MB), whole or not at all. */
export async function installed(name: string, version: string, program: string): Promise<string> {
  const all = join(tmpdir(), 'git-session-clients');
  const home = join(all, `${basename(name)}-${version}`);
  const path = join(home, 'node_modules/.bin', program);
  if (existsSync(path)) return path;
  mkdirSync(all, { recursive: true });
  const fresh = mkdtempSync(join(all, 'new-'));
  try {
    const args = ['install', '--prefix', fresh, '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`];
    const ran = await run('npm', args, { limit: INSTALLS });
    if (ran.code !== 0) throw new Error(`npm install ${name}@${version} exited ${ran.code}\n${ran.err}`);
    rmSync(home, { recursive: true, force: true });
    renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return path;
}

/** A repository connected by init, as a person would do it. `policy`: what the policy that init wrote is changed to. */
export async function connected(agent: string, presence = 'none', policy: (text: string) => string = (text) => text): Promise<TestRepo> {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n' } });
  await repo.ok(['init', '--yes', '--no-detect', '--presence', presence, '--signing-key', makeSshKey(), '--agent', agent]);
  const [before, after] = [repo.read('.sessionrc.yaml'), policy(repo.read('.sessionrc.yaml'))];
  if (before !== after) {
    repo.write('.sessionrc.yaml', after);
    repo.git('commit', '-q', '-a', '-S', '-m', 'Change the policy');
  }
  return repo;
}

/** What may become of git-session in a repository that is connected, by name. */
export const BROKEN: Record<string, (repo: TestRepo) => void> = {
  crashing(repo) {
    repo.write('.git/broken.cjs', 'process.stdout.write("{ no JSON"); process.stderr.write("broken\\n"); process.exit(2);\n');
    repo.write('.git/git-session/tool', `${process.execPath}\n${join(repo.dir, '.git/broken.cjs')}\n`);
  },
  uninstalled(repo) {
    repo.write('.git/git-session/tool', `${process.execPath}\n${join(repo.dir, '.git/nowhere/hook.cjs')}\n`);
  },
  gone(repo) {
    rmSync(join(repo.dir, '.git/git-session/tool'));
  },
};
