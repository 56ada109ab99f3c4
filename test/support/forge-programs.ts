/** Stand-ins for gh, glab and curl that record their arguments and standard input, and a remote whose address is a forge's. */

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRepo } from './repo.ts';
import { tempDir } from './repo.ts';

export interface StandIn {
  /** Environment in which it stands before everything else on PATH. */
  env: { PATH: string };
  /** Every run so far: arguments, and what came on standard input. */
  runs(): { args: string[]; input: string }[];
}

/** `answers`: lines of sh that print and exit; `$*` are the arguments. */
export function standIn(name: string, answers: string, beside?: StandIn): StandIn {
  const dir = tempDir(`gs-${name}-`);
  const bin = join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  const record = `n=$(ls ${dir} | grep -c '^args'); for a in "$@"; do printf '%s\\0' "$a"; done > ${dir}/args.$n; cat > ${dir}/input.$n`;
  writeFileSync(join(bin, name), `#!/bin/sh\n${record}\n${answers}\n`);
  chmodSync(join(bin, name), 0o755);
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  return {
    env: { PATH: `${bin}:${beside?.env.PATH ?? process.env.PATH}` },
    runs: () => {
      const found = [];
      for (let n = 0; existsSync(join(dir, `args.${n}`)); n++) {
        found.push({ args: read(`args.${n}`).split('\0').slice(0, -1), input: read(`input.${n}`) });
      }
      return found;
    },
  };
}

/** A bare repository as `origin`, under the address that the forge would give it; `main` tracks it. Returns its folder. */
export function forgeRemote(repo: TestRepo, url: string | null): string {
  const dir = join(repo.dir, '..', 'origin.git');
  repo.git('clone', '-q', '--bare', '.', dir);
  repo.git(`--git-dir=${dir}`, 'symbolic-ref', 'HEAD', 'refs/heads/main');
  for (const ref of repo.git(`--git-dir=${dir}`, 'for-each-ref', '--format=%(refname)', 'refs/heads/session').split('\n').filter(Boolean)) {
    repo.git(`--git-dir=${dir}`, 'update-ref', '-d', ref);
  }
  if (url !== null) repo.git('config', `url.${dir}.insteadOf`, url);
  repo.git('remote', 'add', 'origin', url ?? dir);
  repo.git('fetch', '-q', 'origin');
  repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  return dir;
}
