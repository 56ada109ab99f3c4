/** What a person edits in their own editor during a review: nothing of it counts before a yes. */

import type { SummaryEdit } from '../closeout/land/seal.ts';
import { refusePatterns } from '../closeout/prepare/decided-patterns.ts';
import type { Prepared } from '../closeout/prepare/prepare.ts';
import { decidePatterns } from '../core/documents/facts.ts';
import { summaryOf } from '../core/documents/summary.ts';
import { SessionError } from '../core/errors.ts';
import { patternValue, readFields } from '../core/pattern/pattern.ts';
import { asObject, fileJson, parseJson } from '../core/text/json.ts';
import type { Repo } from '../git/run.ts';
import { editText } from './editor.ts';
import { decisionOf, type Edits } from './screens/view.ts';

export interface PatternEdited {
  edits: Edits;
  /** What to tell the person; null: nothing. */
  message: string | null;
}

export interface Edited extends PatternEdited {
  summary: SummaryEdit | null;
}

const FAILED = 'The editor ended with an error: nothing was changed.';

/** The summary in the editor: the draft that would be sealed now, or the person's own version. */
export async function editSummary(repo: Repo, prepared: Prepared, edits: Edits, before: SummaryEdit | null): Promise<Edited> {
  const draft = summaryOf(decidePatterns(prepared.content.facts, decisionOf(edits)));
  const text = await editText(repo, 'session-summary.md', before?.edited ?? draft);
  if (text === null) return { edits, summary: before, message: FAILED };
  const summary = text.trim() === '' || text === draft ? null : { draft: before?.draft ?? draft, edited: text };
  return { edits: { ...edits, summary: summary !== null }, summary, message: summary ? null : 'The summary is as it was drafted.' };
}

/** One proposed pattern in the editor, as JSON. What is no JSON, or holds a secret, is not taken. */
export async function editPattern(repo: Repo, prepared: Prepared, edits: Edits, key: string): Promise<PatternEdited> {
  const pattern = decidePatterns(prepared.content.facts, decisionOf(edits)).patterns.find((one) => one.key === key);
  if (!pattern?.fields) return { edits, message: 'It is to be removed: there is nothing to edit.' };
  const before = fileJson(patternValue(pattern.fields));
  const text = await editText(repo, 'pattern.json', before);
  if (text === null) return { edits, message: FAILED };
  if (text === before) return { edits, message: 'The pattern is as it was.' };
  const value = asObject(parseJson(text));
  if (!value) return { edits, message: 'That is no JSON object: the pattern stays as it was.' };
  const patterns = new Map(edits.patterns).set(key, readFields(value, key));
  const next = { ...edits, patterns };
  try {
    refusePatterns(prepared, decisionOf(next));
  } catch (error) {
    if (error instanceof SessionError) return { edits, message: error.message };
    throw error;
  }
  return { edits: next, message: null };
}
