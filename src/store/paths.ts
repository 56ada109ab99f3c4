/** Where private state lives: `<common git dir>/git-session/`. Hot path: pure strings, each made when it is asked for. */

import { join, sep } from 'node:path';

/** The path with slashes, as git, sh and Node take it on every system. */
export const slashed = (path: string) => path.split(sep).join('/');

/** Wherever the private state of a repository is asked for. A class, since a hook makes several and most of what they could name is never asked. */
class PrivatePaths {
  readonly root: string;

  constructor(commonDir: string) {
    this.root = join(commonDir, 'git-session');
  }

  /** Write-ahead records, one file a session. */
  journal(id: string): string {
    return join(this.root, 'journal', `${id}.jsonl`);
  }

  /** The journal of a session that has landed, put away. */
  closedJournal(id: string): string {
    return join(this.root, 'closed', `${id}.jsonl`);
  }

  /** Values of these records that are too large for a line, one folder a session, named by their content. */
  values(id: string): string {
    return join(this.root, 'blobs', id);
  }

  /** Checkpoint requests not yet committed. */
  get queue(): string {
    return join(this.root, 'queue');
  }

  /** Epoch locks, one folder a lock. */
  get locks(): string {
    return join(this.root, 'locks');
  }

  /** What an interrupted closeout needs. */
  closeout(id: string): string {
    return join(this.root, 'closeout', `${id}.json`);
  }

  /** What is known of a session in this clone only: files that were dirty at its start. */
  session(id: string): string {
    return join(this.root, 'sessions', `${id}.json`);
  }

  /** Notes of `post-checkout`, one file a switch to a session. */
  get resumed(): string {
    return join(this.root, 'resumed');
  }

  /** What is known of agents' chats, one folder a chat. */
  get chats(): string {
    return join(this.root, 'chats');
  }

  /** Pages of `report`, where nobody names another place. */
  report(id: string): string {
    return join(this.root, 'reports', `${id}.html`);
  }

  /** Rebuildable. */
  get cache(): string {
    return join(this.root, 'cache');
  }

  /** The policy in force, compiled for the hot path. */
  get policy(): string {
    return join(this.root, 'cache', 'policy.json');
  }

  /** What commands did here, as `undo` can reverse it. */
  get acts(): string {
    return join(this.root, 'acts.jsonl');
  }

  /** This clone's writer id. */
  get writer(): string {
    return join(this.root, 'writer.json');
  }

  /** Sessions approved here and not yet seen landed, one id a line. */
  get awaiting(): string {
    return join(this.root, 'awaiting');
  }

  /** The sh hooks of this version, that the tracked hook stubs source. */
  get hooks(): string {
    return join(this.root, 'hooks');
  }

  /** Line 1: absolute path of node; line 2: of dist/hook.cjs. */
  get tool(): string {
    return join(this.root, 'tool');
  }

  /** Policy and approvers of this clone alone, by the names that they have in a tree. */
  get local(): string {
    return join(this.root, 'local');
  }

  /** What of this clone's configuration was set by init, and what it was before. */
  get setUp(): string {
    return join(this.root, 'set-up.json');
  }

  /** Commands of the policy that a person has let run in this clone. */
  get consents(): string {
    return join(this.root, 'consents.json');
  }

  /** Errors of hooks that must not disturb anybody. */
  get errors(): string {
    return join(this.root, 'errors.jsonl');
  }
}

export const privatePaths = (commonDir: string) => new PrivatePaths(commonDir);
