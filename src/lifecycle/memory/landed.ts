/**
 * Finds what other sessions' logs at a commit say, whoever approved them: from the cache, brought up to what git has there. Nothing found is
 * shown before it is proven (see `prover.ts`). Hot path: no npm package.
 */

import { landedText } from '../../core/memory/landed-text.ts';
import { asSessionId, type SessionId } from '../../core/session/session-id.ts';
import { lookUpMany, readObjects } from '../../git/lean.ts';
import type { Located } from '../../git/locate.ts';
import { LandedCache, type LandedPart } from '../../store/landed-cache.ts';

export interface Landed {
  /** The commit that was looked at. */
  commit: string;
  /** Trees of the log folders there, as git says. */
  trees: Map<SessionId, string>;
  /** What the session's folder says; null where there is none. */
  part(id: SessionId): LandedPart | null;
  /** All parts, oldest session first; with `naming` those in which a line holds one of these texts. */
  parts(naming?: readonly string[]): LandedPart[];
  /** Whether what was found of one of these sessions is not what git has: the cache is damaged or forged. */
  isWrong(ids: Iterable<string>): boolean;
}

export interface LandedOptions {
  /** A session whose log the caller reads itself. */
  except?: SessionId | undefined;
  /** Read everything from git, and replace the cache. */
  blind?: boolean;
}

/** What landed at a commit, by three processes of git at most, and by one where nothing is new; null where there is no such commit. */
export function landedAt(place: Located, treeish: string, { except, blind = false }: LandedOptions = {}): Landed | null {
  const seen = lookUpMany(place, [`${treeish}^{commit}`], [`${treeish}:.swarm/log`]);
  const commit = seen?.oids[0];
  if (!seen || !commit) return null;
  const cache = new LandedCache(place.commonDir, blind);
  const trees = new Map<SessionId, string>();
  const missing: [SessionId, string][] = [];
  for (const [name, tree] of seen.folders[0] ?? []) {
    if (name === except) continue;
    const known = cache.has(name, tree);
    const id = known ? (name as SessionId) : asSessionId(name);
    if (!id) continue;
    trees.set(id, tree);
    if (!known) missing.push([id, tree]);
  }
  const read = new Map(readParts(place, missing).map((part) => [part.id, part]));
  if (read.size > 0) cache.add([...read.values()], (id, tree) => trees.get(id as SessionId) === tree);
  const part = (id: SessionId) => read.get(id) ?? cache.part(id, trees.get(id) ?? '');
  return {
    commit,
    trees,
    part,
    parts: (naming) => {
      if (naming === undefined) return [...trees.keys()].flatMap((id) => part(id) ?? []);
      const kept = cache.naming(naming);
      const names = (id: SessionId) => naming.some((text) => read.get(id)?.text.includes(text)) || kept.has(id);
      return [...trees.keys()].flatMap((id) => (names(id) ? (part(id) ?? []) : []));
    },
    isWrong: (ids) => {
      const asked = new Set(ids);
      const folders = [...trees].filter(([id]) => asked.has(id));
      return !blind && readParts(place, folders).some(({ id, text }) => part(id as SessionId)?.text !== text);
    },
  };
}

/** Folders as git has them. */
function readParts(place: Located, folders: readonly [SessionId, string][]): LandedPart[] {
  if (folders.length === 0) return [];
  const held = lookUpMany(
    place,
    [],
    folders.map(([, tree]) => tree),
  )?.folders;
  const files = folders.map((_, i) => [...(held?.[i] ?? [])].filter(([name]) => name.endsWith('.jsonl')));
  const objects = (
    readObjects(
      place,
      files.flat().map(([, oid]) => oid),
    ) ?? []
  ).values();
  return folders.flatMap(([id, tree], i): LandedPart[] => {
    const own = (files[i] ?? []).map((file) => ({ file, object: objects.next().value ?? null }));
    const blobs = own.filter(({ object }) => object?.type === 'blob');
    const text = landedText(blobs.map(({ object }) => object?.body.toString('utf8') ?? ''));
    return [{ id, tree, files: blobs.map(({ file }) => file), text }];
  });
}
