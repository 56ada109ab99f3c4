/** The path of an edited file as the tree knows it. Hot path: node built-ins only. */

import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { stateError, usageError } from '../core/errors.ts';
import { INVISIBLE, isTreePath } from '../core/routing/tree-path.ts';
import { oneLine } from '../core/text/text.ts';
import { slashed } from './paths.ts';

const MAX_PATH = 4096;

/**
 * Relative to the top of the worktree, with `/` between segments. Links on the way to the file are followed, the file itself is not (a
 * link is committed as a link); the file need not exist. Throws (exit 1) outside the tree, in git's own folder and in ours.
 */
export function pathInTree(top: string, cwd: string, file: string): string {
  if (file === '' || file.length > MAX_PATH || file.includes('\0') || !file.isWellFormed()) {
    throw usageError({
      what: 'That is no path of a file.',
      next: 'Give the path of the file that was edited, for example: --file src/auth.js',
    });
  }
  const given = fromTop(top, cwd, file);
  const path = FOLDS && !given.startsWith('..') ? asOnDisk(top, given) : given;
  if (path === '' || path === '..' || path.startsWith('../')) {
    throw stateError({ what: `${oneLine(file)} lies outside the working tree.`, why: `A session holds files below ${top}.` });
  }
  if (!isTreePath(path)) throw stateError({ what: `${oneLine(file)} is inside git's own directory.` });
  if (path.replace(INVISIBLE, '').toLowerCase().startsWith('.swarm/')) {
    throw stateError({
      what: `${oneLine(file)} is written by git-session only.`,
      why: 'The log and the approvers are no work of an agent.',
    });
  }
  return path;
}

/** As `pathInTree`, but null where it would throw. */
export function treePath(top: string, cwd: string, file: string): string | null {
  try {
    return pathInTree(top, cwd, file);
  } catch {
    return null;
  }
}

/** File systems that take `readme.md` for `README.md`, where git takes them for two files. */
const FOLDS = process.platform === 'darwin' || process.platform === 'win32';

/** The path in the letters that its folders hold, as far as it exists there: what was typed in others is the same file. */
export function asOnDisk(top: string, path: string): string {
  const folded = (name: string) => name.normalize('NFC').toLowerCase();
  const done: string[] = [];
  for (const part of path.split('/')) {
    const names = namesIn(join(top, ...done));
    done.push(names.includes(part) ? part : (names.find((name) => folded(name) === folded(part)) ?? part));
  }
  return done.join('/');
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Relative to the top, links on the way to the file followed; it may begin with `../`, and is empty for the top itself. */
export function fromTop(top: string, cwd: string, file: string): string {
  const full = resolve(cwd, file);
  const real = join(realFolder(dirname(full)), basename(full));
  // Nearly every file; `relative` takes longer to be loaded than to be asked.
  if (sep === '/' && real.startsWith(`${top}/`)) return real.slice(top.length + 1);
  return slashed(relative(top, real));
}

/** The folder with its links followed, as far as it exists. */
function realFolder(dir: string): string {
  try {
    return realpathSync(dir);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (dir === dirname(dir) || (code !== 'ENOENT' && code !== 'ENOTDIR')) throw error;
    return join(realFolder(dirname(dir)), basename(dir));
  }
}
