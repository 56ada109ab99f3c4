/** Where the reports of a check lie in its tree, and their text. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globMatcher } from '../../core/routing/glob.ts';
import { count } from '../../core/text/text.ts';
import { placeIn, removeTree } from './place.ts';

/** A report is read up to this size. */
const MAX_BYTES = 64 << 20;
/** A glob may name so many reports. */
const MOST_FILES = 5000;

/** Deletes what a report's path names, tracked in the tree or not. A place that a link leads out of the tree is left alone. */
export function clearReport(tree: string, path: string): void {
  for (const one of filesOf(tree, path)) {
    const place = placeIn(tree, one);
    if (place !== null) removeTree(place);
  }
}

/** The texts of what the path names, or why they are none: nobody wrote it, it is a link, too large, or too many. */
export function readReport(tree: string, path: string): { texts: string[] } | { why: string } {
  const files = filesOf(tree, path);
  if (files.length > MOST_FILES) return { why: `names more than ${count(MOST_FILES, 'file')}` };
  const texts: string[] = [];
  for (const one of files) {
    const place = placeIn(tree, one);
    const stat = place === null ? undefined : lstatSync(place, { throwIfNoEntry: false });
    if (place === null || !stat) continue;
    // A link may lead to a report that something else wrote.
    if (!stat.isFile()) return { why: 'is a link, or no file' };
    if (stat.size > MAX_BYTES) return { why: `is larger than ${MAX_BYTES >> 20} MB` };
    texts.push(readFileSync(place, 'utf8'));
  }
  return texts.length > 0 ? { texts } : { why: 'was not written by this run' };
}

/** The path itself, or of a glob everything in the tree that it matches, sorted; one more than may be where there are more. */
function filesOf(tree: string, path: string): string[] {
  if (!/[*?{]/.test(path)) return [path];
  const matches = globMatcher([path]);
  const fixed = path.split('/').findIndex((part) => /[*?{[]/.test(part));
  const found: string[] = [];
  const look = (at: string) => {
    for (const entry of readdirSync(join(tree, at), { withFileTypes: true })) {
      const one = at === '' ? entry.name : `${at}/${entry.name}`;
      if (one === '.git' || found.length > MOST_FILES) continue;
      if (matches(one)) found.push(one);
      else if (entry.isDirectory()) look(one);
    }
  };
  const top = path.split('/').slice(0, fixed).join('/');
  if (placeIn(tree, `${top}/x`.replace(/^\//, '')) !== null && lstatSync(join(tree, top), { throwIfNoEntry: false })?.isDirectory())
    look(top);
  return found.sort();
}
