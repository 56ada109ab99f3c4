/** Which folders are packages of their own, as the manifests at the top say. Pure; hot path: a hand-read part of YAML. */

import { asObject, parseJson } from '../text/json.ts';

/** Globs of package roots from the texts of package.json (`workspaces`) and pnpm-workspace.yaml (`packages`); null where a file is missing. */
export function workspaceGlobs(packageJson: string | null, pnpmWorkspace: string | null): string[] {
  const field = asObject(parseJson(packageJson ?? ''))?.workspaces;
  const list = Array.isArray(field) ? field : asObject(field)?.packages;
  const npm = Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
  // An entry that begins with `!` takes folders out again; a root too many only asks for a better place.
  return [...npm, ...pnpmPackages(pnpmWorkspace ?? '')].filter((glob) => !glob.startsWith('!'));
}

/** The block sequence under `packages:`. */
function pnpmPackages(text: string): string[] {
  const globs: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (/^packages\s*:/.test(line)) inside = true;
    else if (/^[^\s#-]/.test(line)) inside = false;
    else if (inside) {
      const item = /^\s*-\s+(?:'([^']*)'|"([^"]*)"|([^#]*?))\s*(?:#.*)?$/.exec(line);
      const glob = item?.[1] ?? item?.[2] ?? item?.[3];
      if (glob) globs.push(glob);
    }
  }
  return globs;
}
