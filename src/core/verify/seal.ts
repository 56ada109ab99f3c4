/** Judging the seal: the session's last commit, which may only write the generated files. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import { type SessionMetadata, sessionPaths } from '../session/metadata.ts';
import type { SessionId } from '../session/session-id.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed, short } from './finding.ts';
import { judgeTimes } from './times.ts';

export interface SealChange {
  path: string;
  status: 'A' | 'M' | 'D' | 'T';
  newMode: string;
}

export interface SealFacts {
  manifest: Manifest;
  parents: string[];
  /** Tip to seal. */
  changes: SealChange[];
  /** Hex sha256 of the seal's content of each path that the manifest or the changes name; missing where there is no file. */
  digests: ReadonlyMap<string, string>;
  /** Policy has `land.artifacts: tag`: the seal also deletes the artifacts. */
  dropsArtifacts: boolean;
  /** The session's metadata in the seal and in the tip before it. */
  metadata: SessionMetadata | null;
  before: SessionMetadata | null;
  /** The committer date of the tip; left out or null where it is not known. */
  tipAt?: Date | null;
}

/** True for a path that a seal may write. */
export function isSealPath(id: SessionId, path: string): boolean {
  const at = sessionPaths(id);
  return [at.metadata, at.summary, at.metrics, at.inventory, at.backup].includes(path) || path.startsWith(`${at.log}/`);
}

/** Parent, paths, digests and metadata of the seal against the manifest. */
export function judgeSeal(facts: SealFacts): Finding[] {
  const { manifest, parents } = facts;
  const findings: Finding[] = [];
  if (parents.length !== 1 || parents[0] !== manifest.tip) {
    const found = parents.length === 0 ? 'no parent' : `the parent ${parents.map(short).join(' and ')}`;
    findings.push(
      failed('seal-parent', `The seal ${short(manifest.seal)} has ${found}; the manifest names the tip ${short(manifest.tip)}.`),
    );
  }
  const artifacts = `${sessionPaths(manifest.session).artifacts}/`;
  const foreign = facts.changes.filter(({ path, status, newMode }) => {
    if (isSealPath(manifest.session, path)) return status !== 'D' && newMode !== '100644';
    return !(facts.dropsArtifacts && status === 'D' && path.startsWith(artifacts));
  });
  if (foreign.length > 0) {
    const paths = listed(foreign.map(({ path, status }) => `${oneLine(path, 120)} (${WORD[status]})`));
    findings.push(failed('seal-paths', `The seal ${short(manifest.seal)} touches more than the files that a seal writes: ${paths}.`));
  }
  const times = judgeTimes({ closed_at: manifest.closed_at }, 'the tip', { tipAt: facts.tipAt ?? null });
  return [...findings, ...judgeDigests(facts), ...judgeMetadata(facts), ...times];
}

const WORD = { A: 'added', M: 'changed', D: 'deleted', T: 'changed in type' } as const;

function judgeDigests({ manifest, changes, digests }: SealFacts): Finding[] {
  const findings: Finding[] = [];
  for (const [path, digest] of Object.entries(manifest.files)) {
    const found = digests.get(path);
    if (found === digest) continue;
    const why = found === undefined ? 'is not in the seal' : 'has another content in the seal than the one that was approved';
    findings.push(failed('seal-digest', `${oneLine(path, 160)} ${why}.`));
  }
  const unnamed = changes.filter(
    ({ path, status }) => status !== 'D' && !Object.hasOwn(manifest.files, path) && isSealPath(manifest.session, path),
  );
  if (unnamed.length > 0) {
    findings.push(
      failed(
        'seal-unnamed',
        `The seal writes files that the manifest does not name: ${listed(unnamed.map(({ path }) => oneLine(path, 120)))}.`,
      ),
    );
  }
  const strange = Object.keys(manifest.files).filter((path) => !isSealPath(manifest.session, path));
  if (strange.length > 0) {
    const paths = listed(strange.map((path) => oneLine(path, 120)));
    findings.push(failed('seal-strange', `The manifest names files that no seal writes: ${paths}.`));
  }
  const at = sessionPaths(manifest.session);
  const absent = [at.metadata, at.summary, at.metrics, at.inventory, at.backup].filter((path) => !Object.hasOwn(manifest.files, path));
  if (absent.length > 0) findings.push(failed('seal-incomplete', `The manifest does not name ${listed(absent)}.`));
  return findings;
}

function judgeMetadata({ manifest, metadata, before }: SealFacts): Finding[] {
  if (!metadata) return [failed('metadata-unreadable', "The seal's metadata.json cannot be read.")];
  const findings: Finding[] = [];
  const expect = (field: string, found: string | null, wanted: string | null, where: string) => {
    if (found !== wanted) {
      findings.push(
        failed('metadata', `metadata.json has ${field} "${oneLine(found ?? 'none', 120)}"; ${where} "${oneLine(wanted ?? 'none', 120)}".`),
      );
    }
  };
  expect('id', metadata.id, manifest.session, 'the manifest says');
  expect('status', metadata.status, manifest.lessons_only ? 'abandoned' : 'closed', 'a seal says');
  expect('closed_at', metadata.closed_at, manifest.closed_at, 'the manifest says');
  expect('base', metadata.base, manifest.base_branch, 'the manifest says');
  expect('backup_location', metadata.backup_location, sessionPaths(manifest.session).backup, 'a seal says');
  if (before) {
    for (const field of ['topic', 'created_at', 'branch'] as const) expect(field, metadata[field], before[field], 'before the seal it was');
  }
  return findings;
}
