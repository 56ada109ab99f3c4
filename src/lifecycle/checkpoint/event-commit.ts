/** Commits that mark an event of a session's life: its metadata, the records up to then, and trailers. */

import { type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { trailers } from '../../core/session/trailers.ts';
import { fileJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { buildCommit, committerIdent } from '../../git/build-commit.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../session/session.ts';
import { logEdits } from './fold-log.ts';

/** `session: <subject>` with `Session-Id` and `Session-Event`; the subject is made safe. */
export function eventMessage(subject: string, id: SessionId, event: string): string {
  const block = trailers([
    ['Session-Id', id],
    ['Session-Event', event],
  ]);
  return `session: ${oneLine(subject, 100)}\n\n${block}`;
}

/** A commit on the session's tip with changed metadata and everything that the journal holds. No ref moves. */
export async function eventCommit(repo: Repo, session: Session, event: string, metadata: SessionMetadata): Promise<string> {
  const [log, ident] = await Promise.all([logEdits(repo, session.id, session.tip), committerIdent(repo)]);
  return buildCommit(repo, {
    parent: session.tip,
    files: [{ path: sessionPaths(session.id).metadata, content: fileJson(metadata) }, ...log],
    message: eventMessage(`${event} ${session.metadata.topic}`, session.id, event),
    ident,
  });
}
