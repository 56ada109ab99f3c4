/** Which objects an audit looks up for one manifest. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { short } from '../../core/verify/finding.ts';
import type { GitObject } from '../../git/batch.ts';

export type Objects = (name: string) => GitObject | null;

/** Folders of the tip that are listed whole. */
export const foldersOf = ({ session, tip }: Manifest) => {
  const at = sessionPaths(session);
  return { log: `${tip}:${at.log}`, artifacts: `${tip}:${at.artifacts}` };
};

/** Files at fixed paths that a seal writes. */
export const fixedPaths = ({ session }: Manifest) => {
  const at = sessionPaths(session);
  return [at.metadata, at.summary, at.metrics, at.inventory, at.backup];
};

/** What the first look asks for. */
export function namesOf(manifest: Manifest): string[] {
  const { seal, tip, base, checked_tree, landed_tree, files } = manifest;
  return [
    ...[seal, tip, base, checked_tree, landed_tree],
    ...Object.values(foldersOf(manifest)),
    ...fixedPaths(manifest).flatMap((path) => [`${seal}:${path}`, `${tip}:${path}`]),
    ...Object.keys(files).map((path) => `${seal}:${path}`),
  ];
}

/** What must be there for anything to be judged: its name, id and type. */
export function neededBy({ seal, tip, base, checked_tree, landed_tree }: Manifest) {
  return [
    ['the seal', seal, 'commit'],
    ['the tip', tip, 'commit'],
    ['the base', base, 'commit'],
    ['the checked tree', checked_tree, 'tree'],
    ['the landed tree', landed_tree, 'tree'],
  ] as const;
}

export function missingOf(manifest: Manifest, object: Objects): string[] {
  return neededBy(manifest)
    .filter(([, oid, type]) => object(oid)?.type !== type)
    .map(([name, oid]) => `${name} ${short(oid)}`);
}
