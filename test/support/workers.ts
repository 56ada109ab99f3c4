/** Agent processes that really run side by side: a small program bundled once, started many times. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT, tempDir } from './repo.ts';

/** Bundles `test/support/<name>.ts`; returns the program's path. */
export async function bundleWorker(name: string): Promise<string> {
  const outfile = join(tempDir('gs-worker-'), `${name}.mjs`);
  await build({
    entryPoints: [join(ROOT, 'test', 'support', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  });
  return outfile;
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Starts the program in its own process group; `ended` never rejects. */
export function startWorker(program: string, args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))) };
}
