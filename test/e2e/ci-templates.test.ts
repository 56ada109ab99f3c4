/** The CI templates: valid YAML, and their commands run for real in a clone as a runner makes it. gh and curl are stand-ins. */

import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { forgeRemote, type StandIn, standIn } from '../support/forge-programs.ts';
import { CLI, ROOT, run, TestRepo, tempDir } from '../support/repo.ts';

const template = (name: string) => parse(readFileSync(join(ROOT, 'templates', 'ci', name), 'utf8'), { strict: true, uniqueKeys: true });

let sealed: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  sealed = makeApprovedRepo('presence: none\nland: { by: pr }\n').repo;
  id = await makeSession(sealed);
  branch = sealed.git('branch', '--show-current');
  await sealed.ok(['closeout', '--yes']);
});

interface Place {
  dev: TestRepo;
  /** A runner's clone: detached, without origin/HEAD, with every branch and tag. */
  runner(ref: string): TestRepo;
  /** The branch as the request has it. */
  push(): void;
}

function place(ref: string): Place {
  const dev = copyOf(sealed);
  const remote = forgeRemote(dev, null);
  const push = () => dev.git('push', '-q', remote, `${branch}:refs/heads/${branch}`, `${branch}:${ref}`);
  push();
  const runner = (at: string) => {
    const dir = tempDir('gs-runner-');
    const repo = new TestRepo(dir);
    repo.git('init', '-q');
    repo.git('remote', 'add', 'origin', remote);
    repo.git('fetch', '-q', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*');
    repo.git('checkout', '-q', '--detach', at);
    return repo;
  };
  return { dev, runner, push };
}

/** Runs a script of a template as its forge does. */
function runScript(script: string, { dir }: TestRepo, tool: StandIn, env: Record<string, string>) {
  const bin = tempDir('gs-bin-');
  symlinkSync(CLI, join(bin, 'git-session'));
  const path = { PATH: `${bin}:${tool.env.PATH}` };
  return run('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: dir, env: { ...env, ...path } });
}

describe('GitHub', () => {
  const workflow = template('github.yml');
  const steps: { run?: string; uses?: string; name?: string }[] = workflow.jobs.approval.steps;
  const script = steps.find(({ name }) => name === 'Verify the request')?.run ?? '';

  test('says when it runs, what it may do, and takes no text of a request into a script', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request_target', 'push']);
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write', statuses: 'write' });
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual(['actions/checkout@v4', 'actions/setup-node@v4']);
    for (const { run: text } of steps) expect(text ?? '').not.toContain('${{');
    expect(steps.some(({ run: text }) => text === 'npm install --global --ignore-scripts "$GIT_SESSION_PACKAGE"')).toBe(true);
    expect(workflow.env.GIT_SESSION_PACKAGE).toBe(`git-session@${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}`);
  });

  test('pending until an approval arrives, then success; a commit after the seal fails', async () => {
    const { dev, runner, push } = place('refs/pull/7/head');
    const env = { GITHUB_REPOSITORY: 'acme/shop', DEFAULT_BRANCH: 'main', GIT_SESSION_ROOT: '' };
    const request = { ...env, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF_NAME: 'main', BRANCH: branch, NUMBER: '7' };
    const look = async (more: Record<string, string>) => {
      // The first comment cannot be edited: there is none yet.
      const gh = standIn('gh', '[ "$2" = list ] && echo 7; [ "$3" != --edit-last ]; case "$*" in *--edit-last*) exit 1;; esac; exit 0');
      const at = runner('origin/main');
      const ran = await runScript(script, at, gh, more);
      const status = gh.runs().find(({ args }) => args[0] === 'api')?.args ?? [];
      return { code: ran.code, said: ran.out + ran.err, status, comment: at.has('comment.md') ? at.read('comment.md') : '', gh };
    };
    const waiting = await look(request);
    expect([waiting.code, waiting.status]).toEqual([0, expect.arrayContaining(['state=pending', 'context=git-session'])]);
    expect(waiting.status[1]).toBe(`repos/acme/shop/statuses/${dev.git('rev-parse', branch)}`);
    expect(waiting.comment).toContain('Nobody has approved it yet');
    expect(waiting.comment).toContain('    ## Session Summary: login-form');
    expect(waiting.gh.runs().filter(({ args }) => args[1] === 'comment')).toHaveLength(2);

    await dev.ok(['approve', '--push', '--yes']);
    const arrived = await look({ ...env, GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: `backup/${id}`, BRANCH: '', NUMBER: '' });
    expect([arrived.code, arrived.status]).toEqual([0, expect.arrayContaining(['state=success'])]);
    expect(arrived.gh.runs()[0]?.args).toEqual(expect.arrayContaining(['--head', branch]));
    expect(arrived.comment).toContain('verified');

    dev.commit('Apply suggestion', { 'README.md': '# suggested\n' });
    push();
    const changed = await look(request);
    expect([changed.code, changed.status]).toEqual([1, expect.arrayContaining(['state=failure'])]);
    expect(changed.comment).toContain('Changed after the seal');
    const other = await look({ ...request, GIT_SESSION_ROOT: '0123456789abcdef' });
    expect([other.code, other.status]).toEqual([1, expect.arrayContaining(['state=failure'])]);
  });
});

describe('GitLab', () => {
  const job = template('gitlab.yml')['git-session'];
  const script: string = job.script.join('\n');

  test('runs on merge requests of sessions and on approvals', () => {
    expect(job.rules).toHaveLength(2);
    expect(job.rules[1].if).toContain('backup|approval');
    expect(job.before_script).toEqual(['npm install --global --ignore-scripts "$GIT_SESSION_PACKAGE"']);
  });

  test('fails until an approval arrives, which starts the pipeline again; then passes and comments', async () => {
    const { dev, runner } = place('refs/merge-requests/3/head');
    const env = { CI_API_V4_URL: 'https://gitlab.example.com/api/v4', CI_PROJECT_ID: '9', CI_DEFAULT_BRANCH: 'main', GIT_SESSION_ROOT: '' };
    const request = { ...env, CI_COMMIT_TAG: '', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch, CI_MERGE_REQUEST_IID: '3' };
    const curl = () => standIn('curl', 'case "$*" in *source_branch=*) echo \'[{"id":12,"iid":3}]\';; esac');
    const silent = curl();
    const waiting = await runScript(script, runner('origin/main'), silent, { ...request, GIT_SESSION_TOKEN: '' });
    expect([waiting.code, waiting.out]).toEqual([4, expect.stringContaining('Nobody has approved it yet')]);
    expect(silent.runs()).toEqual([]);

    await dev.ok(['approve', '--push', '--yes']);
    const again = curl();
    const tagged = { ...env, CI_COMMIT_TAG: `backup/${id}`, GIT_SESSION_TOKEN: 'secret' };
    expect((await runScript(script, runner(`refs/tags/backup/${id}`), again, tagged)).code).toBe(0);
    expect(again.runs()[1]?.args.at(-1)).toBe('https://gitlab.example.com/api/v4/projects/9/merge_requests/3/pipelines');
    const noted = curl();
    const approved = await runScript(script, runner('origin/main'), noted, { ...request, GIT_SESSION_TOKEN: 'secret' });
    expect([approved.code, approved.out]).toEqual([0, expect.stringContaining('verified')]);
    expect(noted.runs()[0]?.args.at(-1)).toMatch(/merge_requests\/3\/notes$/);
  });
});
