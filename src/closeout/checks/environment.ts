/** The environment that a check sees: a short list let through, nothing of git, of ours or of an agent. Pure. */

import { delimiter, isAbsolute } from 'node:path';
import { AGENT_VARIABLES } from '../../core/agent-env.ts';
import { isInside } from './place.ts';

/** Let through always. */
const BASIC = ['HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TERM', 'USER', 'LOGNAME'];

/** Let through to the set-up only, which downloads. */
const NETWORK = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
];

/** Never let through, also where policy names it: what binds to a repository, a session or an agent. */
const AGENTS = new Set(AGENT_VARIABLES.flatMap(({ names }) => names));
const isForbidden = (name: string) => name.startsWith('GIT_') || AGENTS.has(name);

export interface EnvironmentOptions {
  /** Names that policy lets through for this check. */
  names?: string[];
  /** Let proxy and certificate settings through. */
  network?: boolean;
  /** The check's own folder for temporary files. */
  tmp: string;
  /** Folders whose programs must not answer for the checked tree's: the repository's worktrees. */
  outside: string[];
}

/** Hook managers that install themselves during a set-up would write to the configuration of the person's repository. */
const NO_HOOKS = { HUSKY: '0', LEFTHOOK: '0', SKIP_INSTALL_SIMPLE_GIT_HOOKS: '1' };

/** The scrubbed environment: basic names, CI=1, an own TMPDIR, and a PATH without folders of the repository. */
export function checkEnvironment(env: NodeJS.ProcessEnv, options: EnvironmentOptions): Record<string, string> {
  const names = [...BASIC, ...(options.network ? NETWORK : []), ...(options.names ?? []).filter((name) => !isForbidden(name))];
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...NO_HOOKS, PATH: cleanPath(env.PATH ?? '', options.outside), TMPDIR: options.tmp, CI: '1' };
}

/** `npm run` and husky put the repository's own node_modules/.bin on PATH, which any session can edit. */
function cleanPath(path: string, outside: string[]): string {
  return path
    .split(delimiter)
    .filter((dir) => isAbsolute(dir) && !outside.some((top) => isInside(top, dir)))
    .join(delimiter);
}
