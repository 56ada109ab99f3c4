/** Judging the commit that landed a session: the signed merge, or what a forge made of it. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import { sessionPaths } from '../session/metadata.ts';
import { parseTrailers } from '../session/trailers.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed, short } from './finding.ts';
import { header, parseRawObject } from './raw-object.ts';
import { dateOfLine, judgeTimes } from './times.ts';

export interface MergeFacts {
  commit: string;
  /** What was signed, as text; null where it is not UTF-8. */
  payload: string | null;
  manifest: Manifest;
  /** Hex sha256 of the manifest's line with its LF. */
  manifestSha256: string;
}

/** The parents of the commit that closeout makes: base and seal; base alone where only the lessons of an abandoned session land. */
export function isLandingOf(manifest: Pick<Manifest, 'base' | 'seal' | 'lessons_only'>, parents: readonly string[]): boolean {
  const wanted = manifest.lessons_only ? [manifest.base] : [manifest.base, manifest.seal];
  return parents.length === wanted.length && wanted.every((parent, i) => parents[i] === parent);
}

/** Parents, tree, date and trailers of the merge commit against the manifest. Who signed is judged elsewhere. */
export function judgeMerge({ commit, payload, manifest, manifestSha256 }: MergeFacts): Finding[] {
  const object = payload === null ? null : parseRawObject(payload, 'commit');
  if (!object) return [failed('merge-malformed', `The merge commit ${short(commit)} is not a well-formed commit.`)];
  const findings: Finding[] = [];
  const parents = object.headers.get('parent') ?? [];
  if (!isLandingOf(manifest, parents)) {
    const wanted = manifest.lessons_only ? `${short(manifest.base)} alone` : `${short(manifest.base)} and ${short(manifest.seal)}`;
    const found = parents.length === 0 ? 'none' : parents.map(short).join(' and ');
    findings.push(
      failed('merge-parents', `The merge commit ${short(commit)} has the parents ${found}; by the manifest they are ${wanted}.`),
    );
  }
  const tree = header(object, 'tree');
  if (tree !== manifest.landed_tree) {
    findings.push(
      failed(
        'merge-tree',
        `The merge commit ${short(commit)} landed the tree ${short(tree)}, but ${short(manifest.landed_tree)} was approved.`,
      ),
    );
  }
  findings.push(...judgeTimes(manifest, 'the merge commit', { latest: dateOfLine(header(object, 'committer')) }));
  const backup = sessionPaths(manifest.session).backup;
  const said = new Map([...parseTrailers(object.message)].map(([key, values]) => [key.toLowerCase(), values]));
  const wanted: [string, string][] = [
    ['Session-Id', manifest.session],
    ['Session-Event', 'closeout'],
    ['Session-Approved-By', manifest.approver.principal],
    ['Session-Manifest', `sha256:${manifestSha256}`],
    ['Session-Backup', `${backup} sha256:${manifest.files[backup] ?? ''}`],
  ];
  for (const [key, value] of wanted) {
    const values = said.get(key.toLowerCase()) ?? [];
    if (values.length === 1 && values[0] === value) continue;
    const found = values.length === 0 ? 'is missing' : `says ${listed(values.map((v) => `"${oneLine(v, 120)}"`))}`;
    findings.push(
      failed('merge-trailer', `The trailer ${key} of the merge commit ${short(commit)} ${found}; it should say "${oneLine(value, 160)}".`),
    );
  }
  return findings;
}

/** A commit that a forge's merge brought along with the seal, and the paths that it changed by itself. */
export interface LaterCommit {
  commit: string;
  /** Empty for a merge of base that git makes without anybody's hand. */
  paths: string[];
}

/** How a landing that is not our signed merge compares with what was approved. */
export interface ForgeFacts {
  commit: string;
  tree: string;
  landedTree: string;
  /** Paths that came with another content than was approved, and than merging the seal gives; or that were not approved at all. */
  edited: string[];
  /** Commits after the seal that the landing brought too. */
  after: LaterCommit[];
  /** Policy lets a forge land sessions. */
  allowed: boolean;
}

/** `updated`: as approved, with merges of base after the seal. */
export type LandedAs = 'signed merge' | 'exact' | 'as approved' | 'updated' | 'changed after the seal' | 'edited';

/** What a landing came to; `paths` are those that were not approved so. */
export interface JudgedLanding {
  as: LandedAs;
  paths: string[];
  findings: Finding[];
}

/** A landing made by a forge, or by hand. */
export function judgeForge(facts: ForgeFacts): JudgedLanding {
  const { commit, edited } = facts;
  // Whatever commits came along: what they came to is the very tree that was approved.
  const exact = facts.tree === facts.landedTree;
  const after = exact ? [] : facts.after;
  const findings: Finding[] = [];
  if (!facts.allowed) {
    findings.push(
      failed(
        'merge-not-signed-merge',
        `${short(commit)} landed the session, but it is not the signed merge of base and seal that closeout makes; policy has land: local, so somebody merged by hand.`,
      ),
    );
  }
  const changed = after.filter(({ paths }) => paths.length > 0);
  if (changed.length > 0) findings.push(changedAfter(changed));
  const later = [...new Set(changed.flatMap(({ paths }) => paths))];
  const others = edited.filter((path) => !later.includes(path));
  if (others.length > 0) {
    const paths = listed(others.map((path) => oneLine(path, 120)));
    findings.push(failed('landing-edited', `${short(commit)} landed other content than was approved: ${paths}.`));
  }
  const untouched = exact ? 'exact' : after.length > 0 ? 'updated' : 'as approved';
  const as = others.length > 0 ? 'edited' : changed.length > 0 ? 'changed after the seal' : untouched;
  return { as, paths: [...later, ...others].sort(), findings };
}

/** The finding of commits after the seal that change something of their own. */
export function changedAfter(changed: readonly LaterCommit[]): Finding {
  const what = changed.map(({ commit, paths }) => `${short(commit)} (${listed(paths.map((path) => oneLine(path, 120)))})`);
  return failed('changed-after-seal', `Changed after the seal, so that nobody approved it: ${listed(what)}.`);
}
