/** Judging what has become of a landed session on its base since. Pure. */

import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed, noted, short } from './finding.ts';

export interface NowFacts {
  /** Base, as people name it. */
  base: string;
  /** Path to blob of every file that the seal left under the session's own paths, artifacts aside. */
  sealed: ReadonlyMap<string, string>;
  /** The same paths, and everything else in the session's log folder, as base has them now. */
  current: ReadonlyMap<string, string>;
  /** The commit that changed a path on base last, where that was asked for. */
  changedBy: ReadonlyMap<string, string>;
}

export interface Now {
  state: 'landed' | 'reverted';
  findings: Finding[];
}

/** Paths whose content on base is not the sealed one. */
export function changedSince({ sealed, current }: Pick<NowFacts, 'sealed' | 'current'>): string[] {
  return [...sealed].filter(([path, blob]) => current.get(path) !== blob).map(([path]) => path);
}

/** The sealed files are still on base as they were sealed, or all of them are gone: reverted. */
export function judgeNow(facts: NowFacts): Now {
  const { base, sealed, current } = facts;
  const name = (path: string) => {
    const by = facts.changedBy.get(path);
    return `${oneLine(path, 160)}${by ? ` (by ${short(by)})` : ''}`;
  };
  const changed = changedSince(facts);
  const gone = changed.filter((path) => !current.has(path));
  if (gone.length === sealed.size) {
    const by = gone.map((path) => facts.changedBy.get(path)).find(Boolean);
    const what = `The session's files are no longer on ${base}: ${by ? `${short(by)} reverted or removed them` : 'the landing was reverted or removed'}.`;
    return { state: 'reverted', findings: [noted('reverted', what)] };
  }
  const findings: Finding[] = [];
  const edited = changed.filter((path) => current.has(path));
  if (edited.length > 0) findings.push(failed('edited-since', `Edited on ${base} after the landing: ${listed(edited.map(name))}.`));
  if (gone.length > 0) findings.push(failed('removed-since', `Removed from ${base} after the landing: ${listed(gone.map(name))}.`));
  const more = [...current.keys()].filter((path) => !sealed.has(path));
  if (more.length > 0) findings.push(failed('unsealed-log', `Log files on ${base} belong to no seal: ${listed(more.map(name))}.`));
  return { state: 'landed', findings };
}
