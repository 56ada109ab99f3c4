/** A session from start to signed landing, through the built CLI. */

import { describe, expect, test } from 'vitest';
import { makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';

describe('closeout', () => {
  test('lands a session as one signed merge with one signed tag', async () => {
    const { repo } = makeApprovedRepo();
    const before = repo.git('rev-parse', 'main');
    const id = await makeSession(repo);
    const ran = await repo.session(['closeout', '--yes']);
    console.log(ran.out, ran.err);
    expect(ran.code).toBe(0);
    expect(repo.git('rev-parse', 'main^1')).toBe(before);
    expect(verifies(repo, 'commit', 'main')).toBe(true);
    expect(verifies(repo, 'tag', `backup/${id}`)).toBe(true);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
  });
});
