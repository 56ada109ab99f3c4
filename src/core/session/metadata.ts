/** `sessions/<id>/metadata.json` and the places of a session in the tree. Pure. */

import { asObject, parseJson } from '../text/json.ts';
import { hasUnsafe, oneLine } from '../text/text.ts';
import { asSessionId, idParts, type SessionId } from './session-id.ts';

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

/** Documents of a session's folder that lie there as drafts until its seal writes them. */
export const DRAFT_NAMES = ['session-summary.md', 'metrics.json', 'inventory.json'] as const;

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

/** True for the file of a seal: of a closed session, or of an abandoned one whose lessons alone land. */
export function isSealedFile(metadata: SessionMetadata | null): boolean {
  return metadata?.status === 'closed' || (metadata?.status === 'abandoned' && metadata.closed_at !== null);
}

/** The parsed file, or null where it is not one of ours. */
export function parseMetadata(text: string): SessionMetadata | null {
  const read = readMetadata(text);
  return 'metadata' in read ? read.metadata : null;
}

/** The parsed file, or what is wrong with it in words that are safe to print. */
export function readMetadata(text: string): { metadata: SessionMetadata } | { wrong: string } {
  const raw = asObject(parseJson(text));
  if (!raw) return { wrong: 'it is no JSON object' };
  const shown = (value: unknown) => oneLine(JSON.stringify(value) ?? 'nothing', 60);
  if (raw.version !== 1) return { wrong: `version is ${shown(raw.version)}, and this program knows 1` };
  const id = typeof raw.id === 'string' ? asSessionId(raw.id) : null;
  if (!id) return { wrong: `id is ${shown(raw.id)}` };
  const { branch, base, status } = raw;
  if (typeof branch !== 'string' || !isBranchName(branch)) return { wrong: `branch is ${shown(branch)}` };
  if (typeof base !== 'string' || !isBranchName(base)) return { wrong: `base is ${shown(base)}` };
  // A date may hold words in brackets, and both times are printed.
  if (typeof raw.created_at !== 'string' || Number.isNaN(Date.parse(raw.created_at)) || hasUnsafe(raw.created_at)) {
    return { wrong: `created_at is ${shown(raw.created_at)}` };
  }
  if (typeof raw.closed_at === 'string' && hasUnsafe(raw.closed_at)) return { wrong: `closed_at is ${shown(raw.closed_at)}` };
  if (status !== 'active' && status !== 'closed' && status !== 'abandoned') return { wrong: `status is ${shown(status)}` };
  const text_ = (value: unknown) => (typeof value === 'string' ? value : null);
  const metadata: SessionMetadata = {
    version: 1,
    id,
    // Agents can write the file; the id, which the branch's name says too, is what counts.
    topic: idParts(id).topic,
    goal: text_(raw.goal),
    status,
    created_at: raw.created_at,
    closed_at: text_(raw.closed_at),
    branch,
    base,
    continues: typeof raw.continues === 'string' ? asSessionId(raw.continues) : null,
    related: Array.isArray(raw.related) ? raw.related.flatMap((r) => (typeof r === 'string' ? (asSessionId(r) ?? []) : [])) : [],
    backup_location: text_(raw.backup_location),
  };
  return { metadata };
}
