/** The doors to OpenSSH and GnuPG, and temporary files for them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ToolResult {
  /** Null where the program is not there or cannot be started. */
  code: number | null;
  out: string;
  err: string;
}

export interface ToolOptions {
  input?: Uint8Array;
  env?: Record<string, string>;
  /** Program to start instead of the one of that name on PATH. */
  program?: string;
  cwd?: string;
  /** Standard streams stay the person's terminal (questions, passphrases). */
  terminal?: boolean;
}

/** Runs ssh-keygen, ssh-add or gpg to its end. Never a shell, never a question unless `terminal`. */
export async function runTool(name: 'ssh-keygen' | 'ssh-add' | 'gpg', args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  // Loaded where a signature is made or checked: it costs 25 ms.
  const { execa } = await import('execa');
  const result = await execa(options.program ?? name, args, {
    env: { LC_ALL: 'C', ...(options.terminal ? {} : { SSH_ASKPASS_REQUIRE: 'never' }), ...options.env },
    reject: false,
    stripFinalNewline: false,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.terminal
      ? { stdio: 'inherit' as const }
      : options.input === undefined
        ? { stdin: 'ignore' as const }
        : { input: options.input }),
  });
  return { code: result.exitCode ?? null, out: String(result.stdout ?? ''), err: String(result.stderr ?? '') };
}

/** Runs `use` with a folder that only this user can read; removed afterwards. */
export async function withPrivateFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gs-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Writes a file that only this user can read; returns its path. */
export async function privateFile(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  return path;
}
