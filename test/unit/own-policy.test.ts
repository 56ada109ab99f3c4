/** This repository's own policy is one that the tool reads. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/trust/policy-file.ts';
import { ROOT } from '../support/repo.ts';

test('.sessionrc.yaml of this repository', () => {
  const policy = parsePolicy(readFileSync(join(ROOT, '.sessionrc.yaml'), 'utf8'), '.sessionrc.yaml');
  expect(policy.checks.list.map((check) => check.name)).toEqual(['build', 'lint', 'types', 'tests']);
  expect(policy.presence).toBe('terminal');
});
