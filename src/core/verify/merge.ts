/** Judging the commit that landed a session: the signed merge, or what a forge made of it. Pure. */

import type { Manifest } from '../manifest.ts';
import { sessionPaths } from '../metadata.ts';
import { oneLine } from '../text.ts';
import { parseTrailers } from '../trailers.ts';
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

/** How a landing that is not our signed merge compares with what was approved. */
export interface ForgeFacts {
  commit: string;
  tree: string;
  landedTree: string;
  /** Paths of base to the approved tree whose content in the landing is another one. */
  edited: string[];
  /** Policy lets a forge land sessions. */
  allowed: boolean;
}

export type LandedAs = 'signed merge' | 'exact' | 'as approved' | 'edited';

/** A landing made by a forge, or by hand: exact, as approved (base had moved on), or edited. */
export function judgeForge(facts: ForgeFacts): { as: LandedAs; findings: Finding[] } {
  const as = facts.tree === facts.landedTree ? 'exact' : facts.edited.length === 0 ? 'as approved' : 'edited';
  const findings: Finding[] = [];
  if (!facts.allowed) {
    findings.push(
      failed(
        'merge-not-signed-merge',
        `${short(facts.commit)} landed the session, but it is not the signed merge of base and seal that closeout makes; policy has land: local, so somebody merged by hand.`,
      ),
    );
  }
  if (as === 'edited') {
    const paths = listed(facts.edited.map((path) => oneLine(path, 120)));
    findings.push(failed('landing-edited', `${short(facts.commit)} landed other content than was approved: ${paths}.`));
  }
  return { as, findings };
}
