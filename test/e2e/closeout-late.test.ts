/** What comes in while the key signs or the refs are held: nothing that was acknowledged is dropped without a word. */

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, type TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
});

const SELF = `'${process.execPath}' '${CLI}'`;

/** A program beside the repository that does this once, where `when` holds. */
function program(repo: TestRepo, { name, when, rest }: Record<'name' | 'when' | 'rest', string>, once: string): string {
  const path = join(repo.dir, '..', name);
  repo.write(
    `../${name}`,
    `#!/bin/sh\nif ${when} && mkdir '${path}.done' 2>/dev/null; then\n(\n${once}\n) >'${path}.said' 2>&1\nfi\n${rest}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

/** While the key signs the landing, this happens once. */
function whileSigning(repo: TestRepo, once: string): void {
  repo.git(
    'config',
    'gpg.ssh.program',
    program(
      repo,
      { name: 'signs', when: `grep -q '"step":"sign"' '${repo.dir}/.git/git-session/closeout/${id}.json'`, rest: 'exec ssh-keygen "$@"' },
      once,
    ),
  );
}

test('a pattern that is stored while the key signs lands, after it was asked again', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} memory store pattern/auth/late '{"approach":"late","success_rate":100,"reusable":true}'`);
  await repo.ok(['closeout', '--yes']);
  expect(repo.read('../signs.said')).toContain('Stored');
  expect(repo.git('grep', '-l', 'auth/late', 'main')).toContain('log/');
  expect((await repo.ok(['memory', 'get', 'pattern/auth/late'])).out).toContain('late');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

test('memory of the session that is stored while the key signs is in its history', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} memory store swarm/shared/late-note kept`);
  await repo.ok(['closeout', '--yes']);
  expect(repo.read('../signs.said')).toContain('Stored');
  expect(repo.git('log', '--format=%h', '-S', 'late-note', `backup/${id}`)).not.toBe('');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

test('another record that is written meanwhile stays where it is, and is named', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} hooks pre-task --description Late --task-id late --agent dev`);
  const ran = await repo.ok(['closeout', '--yes']);
  const journal = `.git/git-session/journal/${id}.jsonl`;
  expect(ran.out + ran.err).toMatch(/written while it landed and did not land with it/);
  expect(repo.read(journal)).toContain('"late"');
});
