/** Payloads of every client with anything in them changed, through the built hook in a real repository: the turn goes on, nothing is lost, and nothing is written elsewhere. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLIENTS, type ClientName } from '../../src/agents/index.ts';
import { parseLog } from '../../src/core/log/log.ts';
import { HOOK } from '../support/agent.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { aboutFile, checkForm, sentBy } from '../support/client-payloads.ts';
import { type Mutant, mutants } from '../support/mutants.ts';
import { type Ran, run, TestRepo } from '../support/repo.ts';
import { SEED, SOAKING } from '../support/soak.ts';
import { startSession } from '../support/started.ts';

/** Hooks that run side by side, as those of one chat do, and how often. */
const AT_ONCE = 4;
const ROUNDS = SOAKING ? 200 : 8;

const SECRET = 'not of this repository\n';

/** A repository with a session, beside a folder and another repository that are nobody's business here; links lead out. */
async function world() {
  // Redirected calls are answered with more than words.
  const { repo } = makeApprovedRepo('presence: none\nrouting:\n  redirect: true\n', { 'src/app.js': 'app\n', 'package.json': '{}\n' });
  const outside = join(repo.dir, '..', 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), SECRET);
  symlinkSync(join(outside, 'secret.txt'), join(repo.dir, 'src/link.txt'));
  symlinkSync(outside, join(repo.dir, 'src/out'));
  repo.commit('Links that lead out');
  const other = new TestRepo(join(repo.dir, '..', 'other'));
  mkdirSync(other.dir);
  other.git('init', '-q', '-b', 'main');
  other.commit('first', { 'a.txt': 'a\n' });
  await repo.ok(['config']);
  const { id, branch } = await startSession(repo, 'auth-system');
  const places = [
    join(outside, 'secret.txt'),
    outside,
    '../outside/new.txt',
    join(repo.dir, 'src/link.txt'),
    'src/out/new.txt',
    other.dir,
    join(other.dir, 'a.txt'),
    join(repo.dir, 'src/app.js'),
    `sessions/${id}/metadata.json`,
    `.git/git-session/journal/${id}.jsonl`,
    '.sessionrc.yaml',
    repo.dir,
    '/',
  ];
  return { repo, outside, other, id, branch, places };
}

/** Every file below a folder with its content and time, but for names that `skip` admits. */
function filesIn(dir: string, skip: (path: string) => boolean = () => false): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((path) => !skip(path))
    .sort()
    .map((path) => {
      const stat = statSync(join(dir, path));
      return `${path} ${stat.isFile() ? `${stat.mtimeMs} ${readFileSync(join(dir, path), 'latin1')}` : ''}`;
    });
}

async function send(repo: TestRepo, client: ClientName, { event, input }: Mutant): Promise<Ran> {
  const env = { CLAUDECODE: '1', CLAUDE_CODE_ENTRYPOINT: 'cli' };
  return run(process.execPath, [HOOK, 'agent', client, event], { cwd: repo.dir, input, env });
}

/** The turn goes on: a code that blocks nothing, no trace of ours, an answer in the client's form or none. */
function checkTurn(client: ClientName, { event, input }: Mutant, ran: Ran): void {
  const at = `${client} ${event} ${input.toString('latin1').slice(0, 3000)}`;
  // Only a worktree that must stay is a failure that the client is told of.
  if (ran.code === 3)
    expect([event, ran.out, ran.err], at).toEqual(['WorktreeRemove', '', expect.stringMatching(/^git-session.*stays.*\n$/)]);
  else expect(ran, at).toMatchObject({ code: 0, err: '' });
  checkForm(client, event, ran.out);
}

test.each(Object.keys(CLIENTS) as ClientName[])('%s', async (client) => {
  const { repo, outside, other, id, branch, places } = await world();
  const journal = () => repo.read(`.git/git-session/journal/${id}.jsonl`);
  const own = (path: string) => /^\.git|^sessions|^\.swarm/.test(path);
  const still = () => [filesIn(outside), filesIn(other.dir, (path) => /^\.git\/git-session/.test(path)), filesIn(process.env.HOME ?? '')];
  const before = {
    still: still(),
    tree: filesIn(repo.dir, own),
    names: readdirSync(join(repo.dir, '..')),
    main: repo.git('rev-parse', 'main'),
  };
  let n = 0;
  let recorded = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutants(sentBy(client, repo.dir), places), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      const had = journal();
      const tip = repo.git('rev-parse', `refs/heads/${branch}`);
      const good = `sessions/${id}/artifacts/code/good-${n++}.js`;
      repo.write(good, `// ${n}\n`);
      const { event, payload } = aboutFile(client, repo.dir, good, 'after');
      const sent = [...batch, { event, input: Buffer.from(JSON.stringify(payload)) }];
      const ran = await Promise.all(sent.map((one) => send(repo, client, one)));
      for (const [i, one] of sent.entries()) checkTurn(client, one, ran[i] as Ran);
      // Nothing that was there has changed, every line is whole, and the edit of a client that said what it should is among them.
      const now = journal();
      expect(now.startsWith(had)).toBe(true);
      const { records, bad, torn } = parseLog(now);
      expect([bad, torn]).toEqual([[], false]);
      if (repo.git('branch', '--show-current') === branch) {
        recorded++;
        expect(records.filter(({ kind, data }) => kind === 'file.edited' && 'path' in data && data.path === good)).toHaveLength(1);
      }
      repo.git('merge-base', '--is-ancestor', tip, `refs/heads/${branch}`);
      expect(still()).toEqual(before.still);
    }),
    // What changed the repository is not taken back to shrink it.
    { numRuns: ROUNDS, endOnFailure: true, seed: SOAKING ? SEED : 201 },
  );
  expect(recorded).toBeGreaterThan(0);
  expect(filesIn(repo.dir, own)).toEqual(before.tree);
  expect(readdirSync(join(repo.dir, '..')).filter((name) => name !== 'repo.worktrees')).toEqual(before.names);
  expect(repo.git('rev-parse', 'main')).toBe(before.main);
  const secret = execFileSync('git', ['hash-object', '--stdin'], { input: SECRET, encoding: 'utf8' }).trim();
  expect((await run('git', ['cat-file', '-e', secret], { cwd: repo.dir })).code).not.toBe(0);
  repo.git('fsck', '--connectivity-only');
});
