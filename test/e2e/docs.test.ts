/** What the documents show is what the commands print. */

import { describe, test } from 'vitest';
import { checkDocument } from '../support/docs.ts';

describe('console blocks print what the document says', () => {
  for (const file of [
    'README.md',
    'docs/audit.md',
    'docs/memory.md',
    'docs/pull-requests.md',
    'docs/recovery.md',
    'docs/ten-minutes.md',
    'docs/reviewing.md',
    'docs/claude-flow.md',
    'docs/teams.md',
    'docs/local.md',
    'docs/worktrees.md',
  ])
    test(file, () => checkDocument(file));
});
