/** `sessions/<id>/metadata.json` and the places of a session in the tree. Pure. */

import { asObject, parseJson } from './json.ts';
import { asSessionId, idParts, type SessionId } from './session-id.ts';
import { hasUnsafe } from './text.ts';

/** What the file stores. `review`, `sealed` and landed are derived, never stored. */
export type StoredStatus = 'active' | 'closed' | 'abandoned';

/** The state people see (design "Lifecycle"). */
export type SessionState = 'active' | 'review' | 'sealed' | 'closed' | 'abandoned';

export interface SessionMetadata {
  version: 1;
  id: SessionId;
  topic: string;
  /** The goal as it was asked; null where none was given. */
  goal: string | null;
  status: StoredStatus;
  /** ISO 8601, UTC, milliseconds. */
  created_at: string;
  closed_at: string | null;
  branch: string;
  /** Short name of the branch it started from and lands on. */
  base: string;
  /** The session that this one continues. */
  continues: SessionId | null;
  related: SessionId[];
  backup_location: string | null;
}

export const ARTIFACT_KINDS = ['code', 'tests', 'docs', 'scripts', 'notes'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** Every tracked path of a session, relative to the top of the tree. */
export function sessionPaths(id: SessionId) {
  const root = `sessions/${id}`;
  return {
    root,
    metadata: `${root}/metadata.json`,
    summary: `${root}/session-summary.md`,
    metrics: `${root}/metrics.json`,
    inventory: `${root}/inventory.json`,
    artifacts: `${root}/artifacts`,
    artifact: (kind: ArtifactKind) => `${root}/artifacts/${kind}`,
    log: `.swarm/log/${id}`,
    backup: `.swarm/backups/${id}.json`,
  };
}

/**
 * Whether git would take it for a branch's short name. Agents can write the file, and its branch and base become part of refs and
 * messages: what git would not create is not read either.
 */
export function isBranchName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  if (name === '' || name === '@' || name.length > 250 || /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$|^[-/]/.test(name))
    return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** The parsed file, or null where it is not one of ours. */
export function parseMetadata(text: string): SessionMetadata | null {
  const raw = asObject(parseJson(text));
  if (raw?.version !== 1 || typeof raw.id !== 'string') return null;
  const id = asSessionId(raw.id);
  if (!id || typeof raw.branch !== 'string' || !isBranchName(raw.branch)) return null;
  if (typeof raw.base !== 'string' || !isBranchName(raw.base)) return null;
  if (typeof raw.created_at !== 'string' || Number.isNaN(Date.parse(raw.created_at))) return null;
  // A date may hold words in brackets, and both times are printed.
  if (hasUnsafe(raw.created_at) || (typeof raw.closed_at === 'string' && hasUnsafe(raw.closed_at))) return null;
  if (raw.status !== 'active' && raw.status !== 'closed' && raw.status !== 'abandoned') return null;
  const text_ = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    version: 1,
    id,
    // Agents can write the file; the id, which the branch's name says too, is what counts.
    topic: idParts(id).topic,
    goal: text_(raw.goal),
    status: raw.status,
    created_at: raw.created_at,
    closed_at: text_(raw.closed_at),
    branch: raw.branch,
    base: raw.base,
    continues: typeof raw.continues === 'string' ? asSessionId(raw.continues) : null,
    related: Array.isArray(raw.related) ? raw.related.flatMap((r) => (typeof r === 'string' ? (asSessionId(r) ?? []) : [])) : [],
    backup_location: text_(raw.backup_location),
  };
}
