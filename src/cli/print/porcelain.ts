/** `--porcelain`: lines for scripts that stay as they are (docs/porcelain.md). Keys may be added, none changes its meaning or order of words. */

import type { z } from 'zod';
import { escapeUnsafe, hasUnsafe } from '../../core/text/text.ts';
import type { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import type { StatusFacts } from '../../lifecycle/session/status-facts.ts';
import type { schema as listSchema } from '../schemas/list.ts';

type SessionFacts = ReturnType<typeof sessionFacts>;
type ListedFacts = SessionFacts & Pick<z.infer<typeof listSchema>['sessions'][number], 'checkout'>;

const VERSION = 'version 1';

/** One block a session, an empty line behind each. */
export function porcelainList(sessions: readonly ListedFacts[], here: string | null): string {
  const block = (session: ListedFacts) => [
    ...sessionLines(session),
    ...checkoutLines(session),
    ...(session.id === here ? ['here'] : []),
    '',
  ];
  return [VERSION, '', ...sessions.flatMap(block)].map((line) => `${line}\n`).join('');
}

/** Where the session of this checkout stands, then one block for each open session where none is checked out. */
export function porcelainStatus(facts: StatusFacts): string {
  const { session, base } = facts;
  const lines = [
    VERSION,
    `initialised ${facts.initialised ? 'yes' : 'no'}`,
    `hooks ${facts.hooks}`,
    `queued ${facts.queued_checkpoints}`,
    ...facts.uncommitted.map(({ path, how }) => `uncommitted ${how.replaceAll(' ', '-')} ${value(path)}`),
    ...facts.unpushed_landings.map((id) => `unpushed ${id}`),
    ...facts.awaiting.map((id) => `awaiting ${id}`),
    '',
  ];
  if (session) {
    lines.push(
      ...sessionLines(session),
      ...(base ? [`ahead ${base.ahead ?? 'unknown'}`, `behind ${base.behind ?? 'unknown'}`] : []),
      `memory ${facts.memory_entries}`,
      `bad-lines ${facts.records.bad}`,
      `uncommitted-records ${facts.records.uncommitted}`,
      ...facts.tasks.map(({ task, status }) => `task ${status} ${value(task)}`),
      ...facts.artifacts.map(({ kind, path }) => `artifact ${kind} ${value(path)}`),
      ...(facts.workspace_changes ?? []).map(({ status, path }) => `change ${status} ${value(path)}`),
      '',
    );
  }
  for (const open of facts.open_sessions) lines.push(...sessionLines(open), '');
  return lines.map((line) => `${line}\n`).join('');
}

function sessionLines({ id, state, branch, base, tip, created_at, closed_at, worktree, topic, goal }: SessionFacts): string[] {
  return [
    `session ${id}`,
    `state ${state}`,
    `branch ${branch}`,
    `base ${value(base)}`,
    `tip ${tip}`,
    `created ${created_at}`,
    ...(closed_at === null ? [] : [`closed ${closed_at}`]),
    ...(worktree === null ? [] : [`worktree ${value(worktree)}`]),
    `topic ${value(topic)}`,
    ...(goal === null ? [] : [`goal ${value(goal)}`]),
  ];
}

function checkoutLines({ checkout }: ListedFacts): string[] {
  if (!checkout) return [];
  const { changed, untracked, disk_bytes: bytes, disk_whole: whole } = checkout;
  return [`changed ${changed}`, `untracked ${untracked}`, `${whole ? 'disk' : 'disk-over'} ${bytes}`];
}

/** The text as it is; as a JSON string where it begins with a quotation mark or holds what would break a line. */
function value(text: string): string {
  return text.startsWith('"') || hasUnsafe(text) ? escapeUnsafe(JSON.stringify(text)) : text;
}
