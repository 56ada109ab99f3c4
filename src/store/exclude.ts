/** Drafts in git's private list of ignored files: git replaces an ignored file where a branch brings its own, and stops at any other. Node built-ins only. */

import { join } from 'node:path';
import { DRAFT_NAMES } from '../core/session/metadata.ts';
import { blockLines, withBlock } from '../core/text/text-block.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { keepSetUp } from './set-up.ts';

/** The lines that let drafts give way. */
export const DRAFT_LINES: readonly string[] = DRAFT_NAMES.map((name) => `/sessions/session-*/${name}`);

/** So that drafts keep no checkout from moving, whoever moves it; uninstall puts the list back. */
export function excludeDrafts(commonDir: string): void {
  const path = join(commonDir, 'info', 'exclude');
  try {
    const before = readOrNull(path);
    const after = withBlock(before, [...blockLines(before).filter((line) => !DRAFT_LINES.includes(line)), ...DRAFT_LINES]);
    if (after === before) return;
    keepSetUp(commonDir, { files: [{ path, before, after }] });
    writeAtomic(path, after);
  } catch {
    // A list that cannot be written stays as it is: then git says what is in the way.
  }
}
