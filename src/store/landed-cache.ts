/**
 * The memory lines of landed logs, so that finding something in ten thousand sessions reads one file. It only finds: whatever it says is read
 * again from git and proven before it is shown. Deleting it loses nothing. Hot path: node built-ins only.
 */

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionId } from '../core/session/session-id.ts';
import { writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** The lines of one session's log folder, as one tree of git has it. */
export interface LandedPart {
  id: SessionId;
  tree: string;
  /** Its log files: name and blob. */
  files: [name: string, oid: string][];
  text: string;
}

/** A part of the file, not yet read. */
interface Kept {
  files: string;
  from: number;
  to: number;
}

const HEAD = 'git-session landed 1\n';
const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'landed');

export class LandedCache {
  readonly #commonDir: string;
  readonly #bytes: Buffer;
  readonly #parts = new Map<string, Kept>();
  /** Bytes of the file that are understood; less than its length: a torn or damaged end, after which nothing counts. */
  readonly #sound: number;

  /** `blind`: as if there were no file. */
  constructor(commonDir: string, blind = false) {
    this.#commonDir = commonDir;
    this.#bytes = blind ? Buffer.alloc(0) : read(path(commonDir));
    this.#sound = this.#index();
  }

  /** Whether it holds the session's folder as of this tree. */
  has(id: string, tree: string): boolean {
    return this.#parts.has(`${id} ${tree}`);
  }

  /** The part of a session as of a tree; null where it is not held. */
  part(id: SessionId, tree: string): LandedPart | null {
    const kept = this.#parts.get(`${id} ${tree}`);
    if (!kept) return null;
    const text = this.#bytes.toString('utf8', kept.from, kept.to);
    // Asked of few.
    return {
      id,
      tree,
      text,
      get files() {
        return filesOf(kept.files);
      },
    };
  }

  /** Sessions of which any part holds one of these texts in a line. */
  naming(texts: readonly string[]): Set<string> {
    const ids = new Set<string>();
    for (const text of texts) {
      const parts = [...this.#parts].values();
      let next = parts.next();
      for (let at = this.#bytes.indexOf(text); at >= 0; at = this.#bytes.indexOf(text, at + 1)) {
        while (!next.done && next.value[1].to <= at) next = parts.next();
        if (next.done) break;
        const [name, { from, to }] = next.value;
        if (from > at) continue;
        ids.add(name.split(' ', 1)[0] ?? '');
        // One is enough: on to the next part.
        at = to - 1;
      }
    }
    return ids;
  }

  /** Adds parts for the next reader, without those that `holds` says are of no more use where the file is made anew. */
  add(parts: readonly LandedPart[], holds: (id: string, tree: string) => boolean): void {
    const added = Buffer.concat(parts.map(bytesOf));
    const isSound = this.#sound > 0 && this.#sound === this.#bytes.length;
    const used = [...this.#parts].filter(([name]) => holds(...(name.split(' ') as [string, string])));
    const useful = used.reduce((sum, [, { from, to }]) => sum + to - from, 0);
    try {
      if (isSound && useful * 2 >= this.#bytes.length - added.length) appendFileSync(path(this.#commonDir), added);
      else writeAtomic(path(this.#commonDir), Buffer.concat([Buffer.from(HEAD), ...used.map((one) => this.#whole(...one)), added]));
    } catch {
      // Only speed is lost.
    }
  }

  #whole(name: string, { files, from, to }: Kept): Buffer {
    return Buffer.concat([Buffer.from(`#${name} ${to - from} ${files}\n`), this.#bytes.subarray(from, to)]);
  }

  #index(): number {
    const bytes = this.#bytes;
    if (bytes.toString('latin1', 0, HEAD.length) !== HEAD) return 0;
    let at = HEAD.length;
    while (at < bytes.length) {
      const end = bytes.indexOf(10, at);
      if (bytes[at] !== 35 || end < 0) break;
      const head = bytes.toString('latin1', at + 1, end);
      const tree = head.indexOf(' ') + 1;
      const length = head.indexOf(' ', tree) + 1;
      const files = head.indexOf(' ', length) + 1;
      const to = end + 1 + Number(head.slice(length, files));
      if (tree === 0 || length === 0 || files === 0 || !(to <= bytes.length) || (to > end + 1 && bytes[to - 1] !== 10)) break;
      this.#parts.set(head.slice(0, length - 1), { files: head.slice(files), from: end + 1, to });
      at = to;
    }
    return at;
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

function bytesOf({ id, tree, files, text }: LandedPart): Buffer {
  const body = Buffer.from(text);
  const names = files.map(([name, oid]) => `${oid}:${encodeURIComponent(name)}`).join(',');
  return Buffer.concat([Buffer.from(`#${id} ${tree} ${body.length} ${names}\n`), body]);
}

function filesOf(text: string): LandedPart['files'] {
  return text.split(',').flatMap((one): LandedPart['files'] => {
    const [oid = '', name] = one.split(':');
    try {
      return name === undefined ? [] : [[decodeURIComponent(name), oid]];
    } catch {
      return [];
    }
  });
}
