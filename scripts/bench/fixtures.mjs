// Repositories to measure in. Everything lies in one temporary folder with a HOME of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
// GIT_SESSION_DIST: another build than the package's own, which nobody replaces while it is measured.
export const CLI = join(process.env.GIT_SESSION_DIST ?? join(root, 'dist'), 'cli.cjs');

export const work = mkdtempSync(join(tmpdir(), 'git-session-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const bin = join(work, 'bin');
mkdirSync(bin);
symlinkSync(CLI, join(bin, 'git-session'));
export const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|CLAUDE|AI_AGENT|NODE_EXTRA|npm_)/.test(name))),
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  HOME: work,
  GIT_CONFIG_GLOBAL: join(work, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
};
writeFileSync(
  env.GIT_CONFIG_GLOBAL,
  '[user]\n\tname = Bench\n\temail = bench@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n',
);

export const key = join(work, 'id_ed25519');
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench@example.com', '-f', key]);

export const git = (cwd, ...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd();
// What a command says of its progress would stand between the figures.
export const session = (cwd, ...args) =>
  execFileSync(process.execPath, [CLI, ...args], { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' });

/** A repository on main with one commit and `files` small files in folders of 100. */
export function makeRepo(name, files = 3) {
  const dir = join(work, name);
  mkdirSync(dir);
  git(dir, 'init', '-q', '-b', 'main');
  const stream = ['commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 5\nfirst\n'];
  for (let i = 0; i < files; i++)
    stream.push(`M 100644 inline src/d${Math.floor(i / 100)}/f${i}.js\ndata ${String(i).length + 1}\n${i}\n\n`);
  execFileSync('git', ['fast-import', '--quiet'], { cwd: dir, env, input: stream.join('') });
  git(dir, 'reset', '-q', '--hard');
  return dir;
}

/** The same with policy, approver and hooks. */
export function makeReady(name, files) {
  const dir = makeRepo(name, files);
  session(dir, 'init', '--yes', '--signing-key', key, '--presence', 'none', '--no-detect');
  return dir;
}

/** Adds `n` sessions that look closed to a ref listing: metadata, log and backup on main, and a backup tag each. */
export function addClosedSessions(dir, n) {
  const head = git(dir, 'rev-parse', 'main');
  const stream = [`commit refs/heads/main\nmark :1\ncommitter Bench <bench@example.com> 1700000100 +0000\ndata 3\nold\nfrom ${head}\n`];
  const ids = [];
  for (let i = 0; i < n; i++) {
    const day = new Date(Date.UTC(2020, 0, 1) + i * 3600_000).toISOString();
    const stamp = `${day.slice(0, 10).replaceAll('-', '')}-${day.slice(11, 19).replaceAll(':', '')}`;
    const id = `session-${stamp}-old-work-number-${i}`;
    ids.push(id);
    const metadata = `${JSON.stringify({ version: 1, id, topic: `old-work-number-${i}`, goal: null, status: 'closed', created_at: day, closed_at: day, branch: `session/${id.slice(8)}`, base: 'main', continues: null, related: [], backup_location: `.swarm/backups/${id}.json` }, null, 2)}\n`;
    stream.push(`M 100644 inline sessions/${id}/metadata.json\ndata ${metadata.length}\n${metadata}\n`);
  }
  for (const id of ids) stream.push(`tag backup/${id}\nfrom :1\ntagger Bench <bench@example.com> 1700000200 +0000\ndata 2\nx\n`);
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: dir, env, input: stream.join(''), maxBuffer: 1 << 28 });
  git(dir, 'reset', '-q', '--hard');
  git(dir, 'pack-refs', '--all');
}
