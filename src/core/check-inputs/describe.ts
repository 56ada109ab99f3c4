/** What a session did to the inputs of a check, in words. Pure. */

import type { InputKind } from './kinds.ts';
import { manifestChanges } from './manifest.ts';
import { runnerSections } from './sections.ts';
import { skipsAdded } from './skips.ts';

/** One changed input. Texts are null where the path is absent on that side, or is no text. */
export interface InputChange {
  path: string;
  kind: InputKind;
  status: 'A' | 'M' | 'D' | 'T';
  before: string | null;
  after: string | null;
  /** Where the same content was added as a test. */
  movedTo: string | null;
}

/** "test/a.test.js: deleted" and the like, one for each fact; empty where the change does not touch what the check does. */
export function describeChange(change: InputChange): string[] {
  return facts(change).map((fact) => `${change.path}: ${fact}`);
}

function facts(change: InputChange): string[] {
  const { kind, status, before, after } = change;
  if (status === 'D') return [change.movedTo === null ? 'deleted' : `moved to ${change.movedTo}`];
  if (status === 'A') return addedFacts(change);
  if (status === 'T' || before === null || after === null) return ['changed'];
  if (kind === 'manifest' || change.path.endsWith('package.json')) {
    const changes = manifestChanges(before, after) ?? ['changed'];
    return kind === 'named' && changes.length === 0 ? ['changed'] : changes;
  }
  if (kind === 'config' && runnerSections(change.path, before) === runnerSections(change.path, after)) return [];
  return [skipsAdded(before, after) ? 'skips added' : 'changed'];
}

/** A new test is what a session is for; a new configuration or script decides what runs. */
function addedFacts({ kind, after }: InputChange): string[] {
  if (kind === 'test') return [];
  if (kind === 'manifest') return after === null ? ['added'] : (manifestChanges('{}', after) ?? ['added']);
  return ['added'];
}
