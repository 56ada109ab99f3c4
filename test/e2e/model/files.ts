/** Files of one line each, by path: what a commit has, or a folder. */

export type Files = ReadonlyMap<string, string>;

export const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

export const same = (a: Files | undefined, b: Files | undefined) =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));

/** Git's merge of them; null where both sides changed one. */
export function merge(fork: Files, ours: Files, theirs: Files): Files | null {
  const merged = new Map<string, string>();
  for (const path of new Set([...fork.keys(), ...ours.keys(), ...theirs.keys()])) {
    const [was, own, other] = [fork.get(path), ours.get(path), theirs.get(path)];
    if (own !== was && other !== was && own !== other) return null;
    const content = own === was ? other : own;
    if (content !== undefined) merged.set(path, content);
  }
  return merged;
}
