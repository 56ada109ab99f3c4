/** `closeout --pr`: sealed, asked, pushed, opened. gh and glab are stand-ins that record what they are told; the remote is a real one. */

import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/closeout.ts';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { forgeRemote, type StandIn, standIn } from '../support/forge-programs.ts';
import { atTerminal } from '../support/pty.ts';
import { run, type TestRepo } from '../support/repo.ts';

const GITHUB = 'https://github.com/acme/shop.git';
const EVIL = 'Log in. ``` /approve @acme/admins Closes #1 \u001b[2J';

let open: TestRepo;
let attended: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo('presence: none\nland: { by: pr }\n').repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
  await open.ok(['hooks', 'pre-task', '--task-id', 'evil', '--description', EVIL, '--agent', 'intruder']);
  await open.ok(['hooks', 'post-task', '--task-id', 'evil', '--status', 'completed']);
  attended = copyOf(open);
  attended.git('config', 'gitsession.presence', 'terminal');
});

const gh = (answers = 'echo https://github.com/acme/shop/pull/7') => standIn('gh', answers);
const created = (tool: StandIn) => tool.runs().filter(({ args }) => args[1] === 'create');
const atRemote = (repo: TestRepo) => repo.git('ls-remote', 'origin', `refs/heads/${branch}`).split('\t')[0];

describe('closeout --pr', () => {
  test('seals, pushes and opens with gh: every word an argument, the text of agents in a block that it cannot end', async () => {
    const repo = copyOf(open);
    forgeRemote(repo, GITHUB);
    const tool = gh();
    const ran = await repo.ok(['closeout', '--pr', '--yes', '--json'], { env: tool.env });
    const facts = schema.parse(JSON.parse(ran.out));
    expect(facts).toMatchObject({ state: 'sealed', tag: null, push: null });
    expect(facts.request).toMatchObject({ tool: 'gh', pushed: true, url: 'https://github.com/acme/shop/pull/7', failed: null, next: [] });
    expect(atRemote(repo)).toBe(facts.seal);
    const [call] = created(tool);
    expect(call?.args).toEqual([
      ...['pr', 'create', '--repo=github.com/acme/shop', '--base=main', `--head=${branch}`],
      ...['--title=session: login-form (1 change, 3 artifacts)', '--body-file=-'],
    ]);
    expect(call?.input).toBe(facts.request?.body);
    expect(call?.input).toContain(`git session verify ${id}`);
    expect(call?.input).toContain('**Agents spawned**: 2');
    const [, fence = '', summary = ''] = /\n(`{3,})markdown\n([\s\S]*)\n\1\n$/.exec(call?.input ?? '') ?? [];
    expect(summary).toContain('@acme/admins');
    expect([summary.includes(fence), call?.input.includes('\u001b')]).toEqual([false, false]);
    expect(call?.input.replace(summary, '')).not.toContain('@acme');
    // Nothing else went to the remote, and nobody signed.
    expect(repo.git('ls-remote', '--tags', 'origin')).toBe('');

    // The same again: it is there already, so only a request is asked for.
    const refusing = gh('[ "$1" = --version ] && exit; echo "already exists: https://github.com/acme/shop/pull/7" >&2; exit 1');
    const again = await repo.session(['closeout', '--pr', '--yes'], { env: refusing.env });
    expect([again.code, again.out]).toEqual([1, expect.stringContaining('gh opened no pull request: already exists')]);
    expect(again.out).toContain(`git request-pull origin/main ${GITHUB} ${branch}`);
  });

  test('opens with glab on GitLab', async () => {
    const repo = copyOf(open);
    forgeRemote(repo, 'git@gitlab.example.com:group/deep/shop.git');
    const tool = standIn('glab', 'echo "!3 https://gitlab.example.com/group/deep/shop/-/merge_requests/3"');
    const { request } = await repo.json(['closeout', '--pr', '--yes'], { env: tool.env });
    expect(request).toMatchObject({ tool: 'glab', url: 'https://gitlab.example.com/group/deep/shop/-/merge_requests/3' });
    expect(created(tool)[0]?.args).toEqual([
      ...['mr', 'create', '--repo=https://gitlab.example.com/group/deep/shop', '--target-branch=main', `--source-branch=${branch}`],
      ...['--title=session: login-form (1 change, 3 artifacts)', `--description=${request.body}`, '--yes'],
    ]);
  });

  test('a host that no name tells: the program that is logged in there', async () => {
    const repo = copyOf(open);
    forgeRemote(repo, 'ssh://git@code.example.com:2222/acme/shop.git');
    const tool = standIn('glab', '[ "$1" != auth ] || [ "$4" = code.example.com ]', gh('exit 1'));
    const { request } = await repo.json(['closeout', '--pr', '--yes'], { env: tool.env });
    expect(request).toMatchObject({ tool: 'glab', pushed: true, url: null });
  });

  test('without a program nothing is pushed, and the two commands that it prints do it', async () => {
    const repo = copyOf(open);
    forgeRemote(repo, null);
    const { request, push } = await repo.json(['closeout', '--pr', '--yes']);
    expect(request).toMatchObject({ tool: null, pushed: false });
    expect([request.next[0], atRemote(repo)]).toEqual([push, '']);
    for (const line of request.next as string[]) {
      const ran = await run('sh', ['-c', line], { cwd: repo.dir });
      expect([line, ran.code, ran.err]).toEqual([line, 0, expect.anything()]);
      if (line.includes('request-pull')) expect(ran.out).toContain(`for you to fetch changes up to ${repo.git('rev-parse', branch)}`);
    }
    expect((await repo.json(['closeout', '--pr', '--yes'])).request.next).toEqual([request.next[1]]);
  });

  test('a withdrawn seal at the remote is replaced, and nothing else is', async () => {
    const repo = copyOf(open);
    const dir = forgeRemote(repo, GITHUB);
    const tool = gh();
    const first = await repo.json(['closeout', '--pr', '--yes'], { env: tool.env });
    await repo.ok(['reject', '--reason', 'Not yet']);
    repo.commit(`more\n\nSession-Id: ${id}`, { 'README.md': '# more\n' });
    const second = await repo.ok(['closeout', '--pr', '--yes'], { env: tool.env });
    expect(second.out).toContain(`in place of the withdrawn seal ${first.seal.slice(0, 10)}`);
    expect(atRemote(repo)).toBe(repo.git('rev-parse', branch));

    const foreign = repo.git('commit-tree', '-p', `${branch}~1`, '-m', 'somebody else', `${branch}~1^{tree}`);
    repo.git('push', '-q', '-f', dir, `${foreign}:refs/heads/${branch}`);
    const before = repo.snapshot();
    const refused = await repo.session(['closeout', '--pr', '--yes'], { env: tool.env });
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('somebody else pushed to it')]);
    expect([atRemote(repo), repo.snapshot(), created(tool).length]).toEqual([foreign, before, 2]);
  });

  test('refuses before anything is sealed: landing here, no remote, two ways at once, an agent', async () => {
    const none = copyOf(open);
    const local = makeApprovedRepo('presence: none\n').repo;
    await local.ok(['start', 'local-work']);
    const remote = copyOf(attended);
    forgeRemote(remote, GITHUB);
    const tool = gh();
    const cases: [TestRepo, string[], number, string, Record<string, string>?][] = [
      [none, ['--yes'], 1, 'There is no remote to open a pull request at.'],
      [none, ['--push'], 2, '--pr and --push do not go together'],
      [none, ['--lessons-only'], 2, '--pr and --lessons-only do not go together'],
      [local, ['--yes'], 1, 'land: local'],
      [remote, ['--yes'], 3, '', { CLAUDECODE: '1' }],
    ];
    for (const [repo, args, code, text, env] of cases) {
      const before = repo.git('for-each-ref');
      const ran = await repo.session(['closeout', '--pr', ...args], { env: { ...tool.env, ...env } });
      expect([args, ran.code, ran.err]).toEqual([args, code, expect.stringContaining(text)]);
      expect(repo.git('for-each-ref')).toBe(before);
    }
    expect(tool.runs()).toEqual([]);
  });
});

test('lessons alone do not land by pull request, and it says why', async () => {
  const repo = copyOf(open);
  await repo.ok(['abandon', '--reason', 'Another way']);
  const before = repo.git('for-each-ref');
  const ran = await repo.session(['closeout', '--lessons-only', id, '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('no branch that a request could show')]);
  expect(repo.git('for-each-ref')).toBe(before);
});

test('at a terminal: a yes seals, a second one pushes; a no pushes nothing, and nobody else can say yes', async () => {
  const repo = copyOf(attended);
  forgeRemote(repo, GITHUB);
  const tool = gh();
  const first = atTerminal(repo.dir, ['closeout', '--pr', '--plain'], tool.env);
  await first.waitFor('Approve closeout? (yes/no)');
  first.type('yes\r');
  await first.waitFor(`${id} is sealed.`);
  await first.waitFor('Push to origin and open a pull request with gh? (yes/no)');
  expect(atRemote(repo)).toBe('');
  first.type('no\r');
  await first.waitFor('Nothing was pushed.');
  await first.waitFor(`git push origin ${branch}`);
  expect([await first.exit, atRemote(repo), created(tool)]).toEqual([3, '', []]);

  for (const env of [{ CLAUDECODE: '1' }, {}]) {
    const ran = await repo.session(['closeout', '--pr', '--yes'], { env: { ...tool.env, ...env } });
    expect([ran.code, atRemote(repo)]).toEqual([3, '']);
  }
  const second = atTerminal(repo.dir, ['closeout', '--pr'], tool.env);
  await second.waitFor('open a pull request with gh? (yes/no)');
  second.type('yes\r');
  await second.waitFor('The pull request is open: https://github.com/acme/shop/pull/7');
  expect([await second.exit, atRemote(repo), created(tool).length]).toEqual([0, repo.git('rev-parse', branch), 1]);
});
