/** Which commit each line of a file comes from. */

import { type Repo, runGit } from './run.ts';

export interface BlamedLine {
  commit: string;
  /** The file's path in that commit, and the line's number there. */
  path: string;
  line: number;
  /** Number of the line in the file that was asked for. */
  now: number;
  /** What it says, without its end. */
  text: string;
}

/** Every line, or one (from 1). Null where the file has no such line or is no file at that commit. Settings of this clone do not count. */
export async function blame(repo: Repo, commit: string, path: string, line?: number): Promise<BlamedLine[] | null> {
  const range = line === undefined ? [] : ['-L', `${line},${line}`];
  const settings = ['-c', 'blame.ignoreRevsFile=', '-c', 'blame.markUnblamableLines=false', '-c', 'blame.markIgnoredLines=false'];
  const result = await runGit(repo, [...settings, 'blame', '--line-porcelain', ...range, commit, '--', path], { ok: [0, 128] });
  if (result.code !== 0) return null;
  const lines: BlamedLine[] = [];
  let current: BlamedLine | null = null;
  for (const row of result.out.split('\n')) {
    const head: RegExpExecArray | null = current ? null : /^([0-9a-f]{40,64}) (\d+) (\d+)/.exec(row);
    if (head) current = { commit: head[1] ?? '', path, line: Number(head[2]), now: Number(head[3]), text: '' };
    else if (current && row.startsWith('filename ')) current.path = unquoted(row.slice('filename '.length));
    else if (current && row.startsWith('\t')) {
      lines.push({ ...current, text: row.slice(1) });
      current = null;
    }
  }
  return lines;
}

/** git quotes names with control characters or quotes even with core.quotePath off. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };
  for (let rest = name.slice(1, -1); rest !== ''; ) {
    const octal = /^\\([0-7]{3})/.exec(rest);
    const plain = /^\\(.)/.exec(rest);
    if (octal) bytes.push(Number.parseInt(octal[1] ?? '', 8));
    else if (plain) bytes.push(escapes[plain[1] ?? ''] ?? 63);
    const point = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (!octal && !plain) bytes.push(...Buffer.from(point));
    rest = rest.slice(octal ? 4 : plain ? 2 : point.length);
  }
  return Buffer.from(bytes).toString('utf8');
}
