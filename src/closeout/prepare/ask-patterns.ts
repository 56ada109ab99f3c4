/** Asks an agent once, when it prepares its session, what was learned. */

import { TOOL } from '../../core/log/record.ts';
import { patternQuestion } from '../../core/pattern/ask.ts';
import type { Repo } from '../../git/run.ts';
import { appendRecord } from '../../store/journal.ts';
import type { Prepared } from './prepare.ts';

/** The question, recorded as asked; null where it was asked before, in whatever clone. */
export function askPatterns({ commonDir }: Repo, { session, content, lessonsOnly }: Prepared): string | null {
  if (lessonsOnly || content.records.some(({ kind }) => kind === 'pattern.asked')) return null;
  appendRecord(commonDir, session.id, { kind: 'pattern.asked', actor: TOOL, data: { tasks: content.facts.tasks.length } });
  return patternQuestion(content.facts);
}
