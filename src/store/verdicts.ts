/** Verdicts already reached, so that an unchanged signature is not checked twice. Rebuildable; approval never reads it. */

import { join } from 'node:path';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

export interface VerdictCache {
  /** The remembered value, or undefined. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Writes what was set; other processes' entries are kept. Failing to write is no failure: it is a cache. */
  save(): void;
}

const VERSION = 1;
const MOST = 20_000;

/** Opens a cache file by name. With `blind` nothing is read: what was remembered cannot decide. */
export function verdictCache(commonDir: string, name: string, options: { blind?: boolean } = {}): VerdictCache {
  const path = join(privatePaths(commonDir).cache, `${name}.json`);
  const read = (): Record<string, unknown> => {
    const raw = asObject(parseJson(readOrNull(path) ?? ''));
    return raw?.version === VERSION ? (asObject(raw.entries) ?? {}) : {};
  };
  const known = options.blind ? {} : read();
  const fresh: Record<string, unknown> = {};
  return {
    get: (key) => (Object.hasOwn(fresh, key) ? fresh[key] : Object.hasOwn(known, key) ? known[key] : undefined),
    set: (key, value) => {
      fresh[key] = value;
    },
    save: () => {
      if (Object.keys(fresh).length === 0) return;
      const entries = Object.entries({ ...read(), ...fresh }).slice(-MOST);
      try {
        writeAtomic(path, `${JSON.stringify({ version: VERSION, entries: Object.fromEntries(entries) })}\n`);
      } catch {
        // The next command asks again.
      }
    },
  };
}
