/** A repository that is set up for sessions, its policy and approvers written by hand: one signed commit, no hooks. */

import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepo, makeSshKey, TestRepo, tempDir } from './repo.ts';

export interface ApprovedRepo {
  repo: TestRepo;
  /** Path of the approver's private key. */
  key: string;
}

/** `policy`: lines of `.sessionrc.yaml` after `version: 1`. */
export function makeApprovedRepo(
  policy = 'presence: none\n',
  files: Record<string, string> = {},
  objectFormat: 'sha1' | 'sha256' = 'sha1',
): ApprovedRepo {
  const key = makeSshKey();
  const repo = makeRepo({ files, objectFormat });
  signWith(repo, key);
  repo.write('.sessionrc.yaml', `version: 1\n${policy}`);
  repo.write('.swarm/allowed_signers', signer('dana@example.com', key));
  repo.git('add', '-A');
  repo.git('commit', '-q', '-S', '-m', 'Set up git-session');
  return { repo, key };
}

/** git signs with this key from now on. */
export function signWith(repo: TestRepo, key: string): void {
  repo.git('config', 'gpg.format', 'ssh');
  repo.git('config', 'user.signingKey', key);
}

/** A line of `.swarm/allowed_signers`. */
export function signer(principal: string, key: string): string {
  const [type, text] = readFileSync(`${key}.pub`, 'utf8').split(' ');
  return `${principal} namespaces="git" ${type} ${text}\n`;
}

/** A started session with one task, three artifacts, a memory entry of each scope and a workspace change; returns its id. */
export async function makeSession(repo: TestRepo, topic = 'login-form'): Promise<string> {
  await repo.ok(['start', topic, '--goal', 'People can log in with a password']);
  const id = `session-${repo.git('branch', '--show-current').slice('session/'.length)}`;
  const at = `sessions/${id}/artifacts`;
  await repo.ok(['hooks', 'pre-task', '--description', 'Build the form', '--task-id', 'task-1', '--agent', 'backend-dev']);
  repo.write(`${at}/code/login.js`, '/** Checks a password. */\nexport const login = () => true;\n');
  repo.write(`${at}/tests/login.test.js`, "import { test } from 'node:test';\ntest('ok', () => {});\n");
  repo.write(`${at}/docs/API.md`, '# Login API\n');
  repo.write('README.md', '# demo\n\nNow with a login.\n');
  for (const path of [`${at}/code/login.js`, `${at}/tests/login.test.js`, `${at}/docs/API.md`, 'README.md']) {
    await repo.ok(['hooks', 'post-edit', '--file', path, '--task-id', 'task-1']);
  }
  await repo.ok(['memory', 'store', 'swarm/shared/api-contract', 'POST /login']);
  await repo.ok(['memory', 'store', 'pattern/auth/form', '{"approach":"one form","success_rate":100,"reusable":true}']);
  await repo.ok(['hooks', 'post-task', '--task-id', 'task-1', '--status', 'completed']);
  return id;
}

/** What stock git says of a signature. */
export function verifies(repo: TestRepo, what: 'commit' | 'tag', object: string): boolean {
  try {
    execFileSync('git', ['-c', 'gpg.ssh.allowedSignersFile=.swarm/allowed_signers', `verify-${what}`, object], {
      cwd: repo.dir,
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A copy of a repository for one test: made once in a `beforeAll`, what it holds costs nothing again. Its key stays where it is. */
export function copyOf(repo: TestRepo): TestRepo {
  const dir = join(tempDir(), 'repo');
  cpSync(repo.dir, dir, { recursive: true });
  return new TestRepo(dir);
}
