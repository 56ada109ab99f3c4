/** `git session init` where files of the set-up are links: what they lead to takes our part, and no link is replaced. */

import { lstatSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepo, makeSshKey, type TestRepo, tempDir } from '../support/repo.ts';

const INIT = ['init', '--no-detect', '--no-hooks', '--yes', '--presence', 'none'];

function linked(links: Record<string, string>, files: Record<string, string> = {}): TestRepo {
  const repo = makeRepo({ files });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(repo.dir, path));
  repo.commit('links');
  return repo;
}

test('guidance and settings go into the files that the links lead to; links that lead away are named', async () => {
  const links = { 'AGENTS.md': 'CLAUDE.md', '.claude': 'tools/claude', '.codex': tempDir() };
  const repo = linked(links, { 'CLAUDE.md': '# Ours\n', 'tools/claude/settings.json': '{"model": "opus"}\n' });
  const args = ['claude', 'codex', 'generic'].flatMap((name) => ['--agent', name]);
  const ran = await repo.ok([...INIT, '--signing-key', makeSshKey(), ...args]);
  expect(ran.err + ran.out).toMatch(
    /Behind links that lead out of the branch, and left alone:\s+\.codex\/config\.toml,\s+\.codex\/hooks\.json\./,
  );
  for (const [path, target] of Object.entries(links)) expect(readlinkSync(join(repo.dir, path))).toBe(target);
  expect(repo.git('ls-files', '-s', 'AGENTS.md', '.claude', '.codex').match(/^120000/gm)).toHaveLength(3);
  expect(repo.read('CLAUDE.md')).toMatch(/^# Ours\n[\s\S]*git session status/);
  expect(JSON.parse(repo.read('tools/claude/settings.json'))).toMatchObject({ model: 'opus', hooks: { Stop: expect.any(Array) } });
  expect(repo.git('status', '--porcelain')).toBe('');
  expect((await repo.json(['init', '--no-detect', '--no-hooks', '--yes', '--agent', 'claude', '--agent', 'generic'])).files).toEqual([]);
  const { findings } = await repo.json(['doctor']);
  const agents = findings.filter(({ what }: { what: string }) => /Claude|without hooks/.test(what));
  expect(agents.map(({ health }: { health: string }) => health)).not.toContain('fail');
});

test.each(['.gitattributes', '.gitignore'])('a %s that is a link is refused, and nothing changes', async (path) => {
  const repo = linked({ [path]: 'elsewhere' }, { elsewhere: 'x\n' });
  repo.write('.git/info/exclude', '/sessions/\n');
  const before = repo.snapshot();
  const ran = await repo.session([...INIT, '--signing-key', makeSshKey()]);
  expect(ran.err).toContain(`${path} is a link on main, or lies behind one`);
  expect([ran.code, repo.snapshot()]).toEqual([1, before]);
});

test.each(['.swarm', 'sessions'])('a folder %s that is a link is refused, also for this clone alone, and nothing changes', async (path) => {
  const repo = linked({ [path]: 'elsewhere' }, { 'elsewhere/x': 'x\n' });
  const before = repo.snapshot();
  for (const local of [[], ['--local']]) {
    const ran = await repo.session([...INIT, ...local, '--signing-key', makeSshKey()]);
    expect(ran.err).toMatch(new RegExp(`${path}.* is a link (here|on main)`));
    expect([ran.code, repo.snapshot()]).toEqual([1, before]);
  }
});

test('--local writes through no link, and says which files it left alone', async () => {
  const away = tempDir();
  const repo = linked({ '.claude': away }, { 'a.txt': 'a\n' });
  const ran = await repo.ok([
    'init',
    '--local',
    '--no-detect',
    '--no-hooks',
    '--yes',
    '--presence',
    'none',
    '--signing-key',
    makeSshKey(),
    '--agent',
    'claude',
  ]);
  expect(ran.err + ran.out).toMatch(/Behind links, and left alone: \.claude\/settings\.local\.json,/);
  expect(lstatSync(join(away, 'settings.local.json'), { throwIfNoEntry: false })).toBeUndefined();
  expect(repo.git('status', '--porcelain')).toBe('');
});
