/** Judging the trees of the manifest against merges computed again. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed, short } from './finding.ts';
import { isSealPath } from './seal.ts';

type Merged = { tree: string } | { conflicts: string[] };

export interface TreeFacts {
  manifest: Manifest;
  /** Merging the tip, and the seal, into base; null where git cannot merge them at all. */
  checked: Merged | null;
  landed: Merged | null;
  /** Paths that differ from the checked to the landed tree. */
  sealed: string[];
  /** Patch id of base to the checked tree; null where there is no change, or git cannot say. */
  patchId: string | null;
  dropsArtifacts: boolean;
}

/** K and L are the merges that the manifest says, differ in the seal's files only, and K is the change that was approved. */
export function judgeTrees(facts: TreeFacts): Finding[] {
  const { manifest, sealed } = facts;
  const own = manifest.lessons_only ? 'the own files of ' : '';
  const findings = [
    ...judgeMerged('checked-tree', 'The checked tree', manifest.checked_tree, facts.checked, `merging ${own}the tip`),
    ...judgeMerged('landed-tree', 'The landed tree', manifest.landed_tree, facts.landed, `merging ${own}the seal`),
  ];
  const artifacts = `sessions/${manifest.session}/artifacts/`;
  const more = sealed.filter((path) => !isSealPath(manifest.session, path) && !(facts.dropsArtifacts && path.startsWith(artifacts)));
  if (more.length > 0) {
    const paths = listed(more.map((path) => oneLine(path, 120)));
    findings.push(failed('tree-unchecked', `What landed differs from what was checked in more than the seal's files: ${paths}.`));
  }
  if (manifest.patch_id !== null && facts.patchId !== null && manifest.patch_id !== facts.patchId) {
    findings.push(failed('patch-id', 'The change from base to the checked tree is another one than was approved (its patch id differs).'));
  }
  return findings;
}

function judgeMerged(code: string, name: string, said: string, computed: Merged | null, what: string): Finding[] {
  if (!computed) return [failed(code, `${name} of the manifest cannot be: git fails at ${what} into base.`)];
  if ('conflicts' in computed) {
    const paths = listed(computed.conflicts.map((path) => oneLine(path, 120)));
    return [failed(code, `${name} of the manifest cannot be: ${what} into base conflicts in ${paths}.`)];
  }
  if (computed.tree === said) return [];
  return [failed(code, `${name} of the manifest is ${short(said)}, but ${what} into base gives ${short(computed.tree)}.`)];
}
