/** What agents are told of their session, as facts and never as orders. Every text of an agent or person in it is one safe line. Pure. */

import { LEARNED_NAMESPACE, SESSION_NAMESPACE } from '../core/memory/key.ts';
import { type Offer, offerBlock } from '../core/pattern/offer.ts';
import { ARTIFACT_KINDS, sessionPaths } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { count, oneLine } from '../core/text/text.ts';

export interface SessionContext {
  id: SessionId;
  goal: string | null;
  /** Set where it is told to one task's agent. */
  task: string | null;
  patterns: Offer[];
  /** What agents of the session have finished, newest first. */
  finished: { agent: string; status: string; description: string | null; files: number }[];
  /** Tasks that agents of other chats have begun and not ended, newest first; `alive`: such a chat was heard of lately. */
  open: { task: string; agent: string; description: string | null; files: number; alive: boolean }[];
  /** Keys that agents of the session have stored, newest first. */
  keys: { key: string; by: string }[];
  /** Why a person sent the session back, where no closeout was prepared since. */
  rejected: string[];
}

/** So many rows of each list are told. */
const MOST = 12;

export function sessionContext(facts: SessionContext): string {
  const { artifacts } = sessionPaths(facts.id);
  const lines = [
    `git-session: this work belongs to session ${facts.id}.`,
    ...(facts.goal === null ? [] : [`Goal: ${oneLine(facts.goal, 500)}`]),
    ...(facts.task === null
      ? []
      : [`This agent's task is ${oneLine(facts.task, 100)}; its edits are recorded and committed when it ends.`]),
    `New files belong in ${artifacts}/: ${ARTIFACT_KINDS.map((kind) => `${kind}/`).join(', ')}.`,
    'Files that the repository tracks are changed where they are. A new file in a place that is not meant for it is not written there, and the right path is told.',
    `Agents of this session share memory (namespace ${SESSION_NAMESPACE}): MCP tool memory_usage of the server git-session with action store, retrieve (with wait: seconds, for a key that another agent has still to write), list and search; or in a shell: git session memory store <key> <value>, git session memory get <key> --wait 60.`,
    `What later sessions should know is recorded with git session pattern record, or stored under pattern/<topic>/<name> (namespace ${LEARNED_NAMESPACE}).`,
    ...(facts.task === null
      ? ['git-session commits the work at the end of each task. A person closes the session, with /session-closeout; agents do not.']
      : []),
  ];
  if (facts.patterns.length > 0) lines.push(offerBlock(facts.patterns));
  section(
    lines,
    'Done by earlier agents of this session:',
    facts.finished,
    ({ agent, status, description, files }) =>
      `${oneLine(agent, 60)}, ${status}: ${description === null ? 'no description' : oneLine(description, 200)} (${count(files, 'file')})`,
  );
  section(
    lines,
    'Begun in another chat and still open:',
    facts.open,
    ({ task, agent, description, files, alive }) =>
      `${oneLine(task, 100)}, ${oneLine(agent, 60)}: ${description === null ? 'no description' : oneLine(description, 200)} (${count(files, 'file')}), ` +
      (alive ? 'whose chat was heard of lately' : 'whose chat is not heard of any more'),
  );
  if (facts.open.some(({ alive }) => !alive))
    lines.push(
      'Once it is clear that nobody is at such a task, it is ended and its files are committed by: git session hooks post-task --task-id <task> --status cancelled',
    );
  section(lines, 'Stored in its memory:', facts.keys, ({ key, by }) => `${oneLine(key, 200)} (by ${oneLine(by, 60)})`);
  lines.push(...sentBackLines(facts.rejected));
  return lines.join('\n');
}

/** What a person wants changed; nothing where there are no reasons. */
export function sentBackLines(reasons: readonly string[]): string[] {
  const lines: string[] = [];
  section(lines, 'A person sent this session back, because:', reasons, (text) => oneLine(text, 400));
  return lines;
}

function section<T>(lines: string[], title: string, rows: readonly T[], print: (row: T) => string): void {
  if (rows.length === 0) return;
  lines.push(title, ...rows.slice(0, MOST).map((row) => `- ${print(row)}`));
  if (rows.length > MOST) lines.push(`- and ${rows.length - MOST} more`);
}
