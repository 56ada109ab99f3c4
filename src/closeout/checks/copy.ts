/** Copies of whole folders: rights, times and links kept, sharing blocks where the file system can. */

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Copies `from` to `to`, which must not exist. Throws with what `cp` said. */
export async function copyFolder(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const said = await cp(process.platform === 'linux' ? ['-a', '--reflink=auto', from, to] : ['-Rp', from, to]);
  // busybox knows no --reflink.
  if (said !== null && process.platform === 'linux') {
    const again = await cp(['-a', '-T', from, to]);
    if (again !== null) throw new Error(`cp: ${again}`);
  } else if (said !== null) throw new Error(`cp: ${said}`);
}

/** Null when done, else what was said. */
function cp(args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('cp', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : said.trim() || `exit ${code}`));
  });
}
