/** This clone's private copy of the sh hooks, and where they find Node and the hook bundle. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readOrNull, writeAtomic } from '../../store/files.ts';
import { privatePaths, slashed } from '../../store/paths.ts';

const SCHEMA = 'policy.schema.json';

/**
 * Brings `git-session/hooks/`, `git-session/tool`, `git-session/prefix` and the policy's schema to this version of the tool; writes only what differs.
 * A hook that is being run keeps the file that it has opened.
 */
export function refreshPrivateHooks(repo: { commonDir: string }): void {
  const paths = privatePaths(repo.commonDir);
  const source = ownFolder('hooks', 'inside.sh');
  // What the hooks share comes first, so that no hook meets an older one.
  const names = readdirSync(source).sort((a, b) => Number(b === 'inside.sh') - Number(a === 'inside.sh'));
  for (const name of names) put(join(paths.hooks, name), readOrNull(join(source, name)) ?? '');
  put(join(paths.root, 'prefix'), `${compiledPolicy(repo.commonDir).branch.prefix}\n`);
  // The policy file names it for editors, by a path that holds in the main worktree of every clone.
  put(join(paths.root, SCHEMA), readOrNull(join(ownFolder('schemas', SCHEMA), SCHEMA)) ?? '');
  // sh takes the program's folder by its last slash.
  put(paths.tool, `${slashed(process.execPath)}\n${slashed(join(ownFolder('.', 'hook.cjs'), 'hook.cjs'))}\n`);
}

function put(path: string, text: string): void {
  if (readOrNull(path) !== text) writeAtomic(path, text);
}

/** A folder of ours that holds `file`: beside the bundle, one or two folders up from a chunk of it, or of the source tree and its build. */
export function ownFolder(name: string, file: string): string {
  const places = ['.', '..', '../..', '../../../dist', '../../..'].map((up) => join(import.meta.dirname, up, name));
  const found = places.find((place) => existsSync(join(place, file)));
  if (found) return found;
  throw stateError({ what: 'git-session is not installed completely.', why: `${file} is missing.`, next: 'Install it again.' });
}
