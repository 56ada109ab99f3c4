/**
 * What is known of agents' chats in this clone: small files below `git-session/chats/<client>-<chat>/`. Written by hooks that overlap, so
 * each fact is a file of its own, and taking one is a rename. Losing them loses no work. Hot path: node built-ins only.
 */

import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';

/** A chat that was not heard of for so long is forgotten. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** An id of a client as a file name: letters, digits, `-` and `_`. */
const asName = (id: string) => id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 200) || '_';

export class Chat {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static of(commonDir: string, client: string, chat: string): Chat {
    return new Chat(join(privatePaths(commonDir).chats, `${asName(client)}-${asName(chat)}`));
  }

  /** Every other chat that is known in this clone. */
  static others(commonDir: string, than: Chat): Chat[] {
    const { chats } = privatePaths(commonDir);
    return namesIn(chats)
      .map((name) => new Chat(join(chats, name)))
      .filter(({ dir }) => dir !== than.dir);
  }

  /** A fact by name; null where it was never kept, or is no object. */
  read(fact: string): Record<string, unknown> | null {
    const path = this.file(fact);
    // Most are not kept most of the time, and asking is quicker than failing.
    return existsSync(path) ? asObject(parseJson(readOrNull(path) ?? '')) : null;
  }

  /** Keeps a fact; the last one wins. */
  keep(fact: string, value: Record<string, unknown>): void {
    const path = this.file(fact);
    mkdirSync(join(path, '..'), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  }

  /** True for the one process that was first to claim the name. */
  claim(name: string): boolean {
    const path = this.file(name);
    try {
      closeSync(openSync(path, 'wx'));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code !== 'ENOENT') throw error;
      mkdirSync(join(path, '..'), { recursive: true });
      return this.claim(name);
    }
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  forget(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  /** The oldest kept fact below a folder that the test admits, taken by this process alone; null where there is none. */
  take(folder: string, fits: (value: Record<string, unknown>) => boolean): Record<string, unknown> | null {
    for (const name of namesIn(join(this.dir, folder))) {
      const path = join(this.dir, folder, name);
      const value = asObject(parseJson(readOrNull(path) ?? ''));
      if (!value || !fits(value)) continue;
      try {
        renameSync(path, `${path}.${process.pid}.taken`);
      } catch {
        continue;
      }
      rmSync(`${path}.${process.pid}.taken`, { force: true });
      return value;
    }
    return null;
  }

  /** What was claimed or kept in a folder, by the names of its files: whatever is no letter, digit, `-` or `_` is `_` there. */
  names(folder: string): string[] {
    return namesIn(join(this.dir, folder)).map((name) => name.replace(/\.json$/, ''));
  }

  private file(name: string): string {
    return join(
      this.dir,
      ...name
        .split('/')
        .map(asName)
        .map((part, i, all) => (i === all.length - 1 ? `${part}.json` : part)),
    );
  }
}

/** The subagent whose work the main agent's events are for now, in clients that name none. */
export function insideOf(chat: Chat): { id: string; type: string } | null {
  const inside = chat.read('inside');
  return typeof inside?.id === 'string' && typeof inside.type === 'string' ? { id: inside.id, type: inside.type } : null;
}

/** Forgets chats that ended long ago. */
export function forgetOldChats(commonDir: string, now: number): void {
  const { chats } = privatePaths(commonDir);
  for (const name of namesIn(chats)) {
    const stat = statSync(join(chats, name), { throwIfNoEntry: false });
    if (stat && now - stat.mtimeMs > KEPT_MS) rmSync(join(chats, name), { recursive: true, force: true });
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.endsWith('.tmp') && !name.endsWith('.taken'))
      .sort();
  } catch {
    return [];
  }
}
