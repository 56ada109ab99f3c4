/** A backup as a file from somewhere: read, and refused whole where it is not what a seal writes. */

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Backup } from '../core/documents/backup.ts';
import { stateError } from '../core/errors.ts';
import { MAX_DEPTH } from '../core/memory/large-value.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import { asSessionId, idParts, type SessionId } from '../core/session/session-id.ts';
import { asObject, isDeeper, parseJson } from '../core/text/json.ts';
import { hasUnsafe, oneLine, size } from '../core/text/text.ts';
import { readAt } from '../git/objects.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { backupSchema } from './schemas/backup.ts';

/** It is read whole. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Values of memory lie so deep in it. */
const ABOVE_VALUES = 4;

export interface BackupFile {
  id: SessionId;
  backup: Backup;
  text: string;
}

/** Throws (exit 1), with what is wrong, where the file is no backup of a session. */
export function readBackup(file: string): BackupFile {
  const text = textOf(file);
  const raw = isDeeper(text, MAX_DEPTH + ABOVE_VALUES) ? null : asObject(parseJson(text));
  if (!raw) throw refused(file, 'It is no JSON object, or nested too deeply.');
  if (raw.version !== 1)
    throw refused(file, `Its version is ${oneLine(JSON.stringify(raw.version) ?? 'missing', 40)}, and this program knows 1.`);
  // What a schema drops without a word.
  if (Object.hasOwn(raw, '__proto__') || Object.hasOwn(asObject(raw.memory_snapshot) ?? {}, '__proto__')) {
    throw refused(file, 'It has a field that it should not have: __proto__');
  }
  const checked = backupSchema.safeParse(raw);
  if (!checked.success) {
    const told = checked.error.issues.slice(0, 5).map(({ path, message }) => oneLine(`${path.join('.') || 'the whole'}: ${message}`, 200));
    throw refused(file, told.join('\n'));
  }
  const backup = raw as unknown as Backup;
  const id = asSessionId(backup.session_id);
  if (!id || idParts(id).topic !== backup.topic) throw refused(file, 'Its session_id and topic are not those of one session.');
  const named = asSessionId(basename(file).replace(/\.json$/, ''));
  if (named && named !== id) throw refused(file, `It is called like the backup of ${named}, and says it is of ${id}.`);
  if (backup.goal !== null && hasUnsafe(backup.goal.replace(/[\n\t]/g, ' ')))
    throw refused(file, 'Its goal holds control or invisible characters.');
  return { id, backup, text };
}

/** Throws (exit 1) where this clone has the session, and another backup of it. */
export async function refuseOtherBackup(repo: Repo, file: string, { id, text }: BackupFile, session: Session | null): Promise<void> {
  const own = session ? await readAt(repo, session.tip, sessionPaths(id).backup) : null;
  if (own === null || own === text) return;
  throw refused(
    file,
    `This clone has ${id}, and its backup there says something else.`,
    `Restore what this clone has: git session restore ${id}`,
  );
}

function textOf(file: string): string {
  const bytes = statSync(file).size;
  if (bytes > MOST_BYTES) throw refused(file, `It is larger than ${size(MOST_BYTES)}.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw error;
    throw refused(file, 'It is not UTF-8 text.');
  }
}

function refused(file: string, why: string, next?: string) {
  return stateError({ what: `${oneLine(file, 200)} is no backup that can be restored; nothing was changed.`, why, next });
}
