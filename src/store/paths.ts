/** Where private state lives: `<common git dir>/git-session/`. Hot path: pure strings. */

import { join, sep } from 'node:path';

/** The path with slashes, as git, sh and Node take it on every system. */
export const slashed = (path: string) => path.split(sep).join('/');

export function privatePaths(commonDir: string) {
  const root = join(commonDir, 'git-session');
  return {
    root,
    /** Write-ahead records, one file a session. */
    journal: (id: string) => join(root, 'journal', `${id}.jsonl`),
    /** Values of these records that are too large for a line, one folder a session, named by their content. */
    values: (id: string) => join(root, 'blobs', id),
    /** Checkpoint requests not yet committed. */
    queue: join(root, 'queue'),
    /** Epoch locks, one folder a lock. */
    locks: join(root, 'locks'),
    /** What an interrupted closeout needs. */
    closeout: (id: string) => join(root, 'closeout', `${id}.json`),
    /** What is known of a session in this clone only: files that were dirty at its start. */
    session: (id: string) => join(root, 'sessions', `${id}.json`),
    /** Notes of `post-checkout`, one file a switch to a session. */
    resumed: join(root, 'resumed'),
    /** What is known of agents' chats, one folder a chat. */
    chats: join(root, 'chats'),
    /** Pages of `report`, where nobody names another place. */
    report: (id: string) => join(root, 'reports', `${id}.html`),
    /** Rebuildable. */
    cache: join(root, 'cache'),
    /** The policy in force, compiled for the hot path. */
    policy: join(root, 'cache', 'policy.json'),
    /** What commands did here, as `undo` can reverse it. */
    acts: join(root, 'acts.jsonl'),
    /** This clone's writer id. */
    writer: join(root, 'writer.json'),
    /** Sessions approved here and not yet seen landed, one id a line. */
    awaiting: join(root, 'awaiting'),
    /** The sh hooks of this version, that the tracked hook stubs source. */
    hooks: join(root, 'hooks'),
    /** Line 1: absolute path of node; line 2: of dist/hook.cjs. */
    tool: join(root, 'tool'),
    /** Policy and approvers of this clone alone, by the names that they have in a tree. */
    local: join(root, 'local'),
    /** What of this clone's configuration was set by init, and what it was before. */
    setUp: join(root, 'set-up.json'),
    /** Errors of hooks that must not disturb anybody. */
    errors: join(root, 'errors.jsonl'),
  };
}
