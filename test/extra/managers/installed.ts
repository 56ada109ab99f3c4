/** The programs that the matrix needs: managers from the npm registry, kept between runs, and what is there already. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSIONS = { husky: '9.1.7', lefthook: '2.2.2', 'simple-git-hooks': '2.14.0' };
export const HOME = join(tmpdir(), `git-session-managers/${Object.values(VERSIONS).join('-')}`);
export const MODULES = join(HOME, 'node_modules');
/** A folder with a git that runs hooks of its configuration, where the installed one is older than 2.54. */
const NEWER_GIT = process.env.NEWER_GIT;
/** lefthook itself, in the package of this system. */
export const LEFTHOOK = join(MODULES, `lefthook-${process.platform}-${process.arch}/bin/lefthook`);
/** Where every program of the matrix is found. */
export const PATH = [...(NEWER_GIT ? [NEWER_GIT] : []), join(MODULES, '.bin'), process.env.PATH].join(delimiter);

/** As a graphical client may have it: what hooks use of the system, and no Node. */
export const POOR = join(HOME, 'poor');
const SYSTEM = 'git sh bash env basename dirname tr cat cp rm mkdir rmdir uname ls tail grep sed sort ps true python3'.split(' ');

/** Installs the managers where they are not there yet. */
export function install(): void {
  mkdirSync(POOR, { recursive: true });
  for (const name of SYSTEM)
    if (existsSync(`/usr/bin/${name}`) && !existsSync(join(POOR, name))) symlinkSync(`/usr/bin/${name}`, join(POOR, name));
  if (existsSync(join(MODULES, '.bin/lefthook'))) return;
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--prefix', HOME, '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=0', ...wanted]);
}

const has = (program: string) => PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Why a manager cannot be tested here; null where it can. */
export function missing(needs: string | undefined): string | null {
  if (needs !== 'git 2.54') return needs && !has(needs) ? `${needs} is not on PATH: install it, it was not tested` : null;
  const version = execFileSync('git', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH } });
  const [, minor = 0] = (/ (\d+\.\d+)/.exec(version)?.[1] ?? '').split('.').map(Number);
  return / [3-9]\./.test(version) || minor >= 54
    ? null
    : `${version.trim()} runs no hooks of its configuration: name a folder with a newer one in NEWER_GIT, it was not tested`;
}
