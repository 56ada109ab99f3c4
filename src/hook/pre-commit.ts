/** The gate of a commit on a session branch: routing and secrets, on what the commit adds. Two processes of git at most, outside merges. */

import { join } from 'node:path';
import { type AddedLines, parseAdded, parseRaw, type RawChange } from '../core/checks/added-lines.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { GateFindings } from '../core/routing/gate.ts';
import { decideRoute } from '../core/routing/routing.ts';
import { workspaceGlobs } from '../core/routing/workspaces.ts';
import { notAllowed, scanSecrets } from '../core/secrets/scan.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { readText } from './read-text.ts';
import { askGit } from './spawn.ts';
import { trackedDirs } from './tracked.ts';

export interface GateInput {
  /** Top of the worktree. */
  top: string;
  gitDir: string;
  session: SessionId;
  policy: Policy;
  who: 'agent' | 'person';
}

/** What is wrong with the commit in the making. Throws where git cannot be asked. */
export function inspectCommit(input: GateInput): GateFindings {
  const { changes, added, unchecked } = staged(input);
  const present = changes.filter((change) => change.status !== 'D');
  const secrets = present.flatMap((change) => secretsOf(change, added.get(change.path), input.policy));
  return { routes: judge(present, input), secrets, unchecked };
}

const RAW = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--full-index'];
const PATCH = [
  '-p',
  '-U0',
  // Attributes of the tree say what is binary, and a session can write them; the scanner looks for itself.
  '--text',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=all',
];

interface Staged {
  changes: RawChange[];
  added: Map<string, AddedLines>;
  /** Paths whose patch did not fit. */
  unchecked: string[];
}

/** A patch is read up to this many bytes at once. */
const MOST_BYTES = 64 << 20;
/** Bytes of paths on one command line. */
const MOST_NAMES = 60_000;

/** What the commit changes. In a merge, only what differs from every side: the rest is others' work, judged where it was made. */
function staged({ top, gitDir }: GateInput): Staged {
  const merged = mergeHeads(gitDir);
  if (merged.length === 0) {
    const out = askGit([...RAW, ...PATCH, 'HEAD', '--'], { cwd: top, maxBuffer: MOST_BYTES });
    return out === null ? inParts(top, parseRaw(text(top, [...RAW, 'HEAD', '--'])).changes) : { ...parseAdded(asText(out)), unchecked: [] };
  }
  let own: Set<string> | null = null;
  for (const side of ['HEAD', ...merged]) {
    const paths = parseRaw(text(top, [...RAW, side, '--'])).changes.map((change) => change.path);
    own = new Set(own === null ? paths : paths.filter((path) => own?.has(path)));
    if (own.size === 0) return { changes: [], added: new Map(), unchecked: [] };
  }
  const changes = parseRaw(text(top, [...RAW, 'HEAD', '--'])).changes;
  return inParts(
    top,
    changes.filter(({ path }) => own?.has(path)),
  );
}

/** As many processes as it takes. A part whose patch does not fit is asked for file by file, and a file's that does not fit is left unchecked. */
function inParts(top: string, changes: RawChange[]): Staged {
  const result: Staged = { changes, added: new Map(), unchecked: [] };
  const sizes = sizesOf(top, changes);
  const read = (part: RawChange[]) => {
    const out = askGit([...RAW, ...PATCH, 'HEAD', '--', ...part.map(({ path }) => path)], { cwd: top, maxBuffer: MOST_BYTES });
    if (out !== null) for (const [path, lines] of parseAdded(asText(out)).added) result.added.set(path, lines);
    else if (part.length > 1) for (const one of part) read([one]);
    else result.unchecked.push(...part.map(({ path }) => path));
  };
  let part: RawChange[] = [];
  let [bytes, names] = [0, 0];
  for (const [n, change] of changes.entries()) {
    if (change.status === 'D') continue;
    const [size, name] = [sizes[n] ?? 0, Buffer.byteLength(change.path)];
    if (part.length > 0 && (bytes + size > MOST_BYTES / 2 || names + name > MOST_NAMES)) {
      read(part);
      part = [];
      [bytes, names] = [0, 0];
    }
    part.push(change);
    bytes += size;
    names += name;
  }
  if (part.length > 0) read(part);
  return result;
}

/** Bytes of each new blob. */
function sizesOf(top: string, changes: readonly RawChange[]): number[] {
  const input = changes.map(({ oid }) => `${oid}\n`).join('');
  const out = askGit(['cat-file', '--batch-check=%(objectsize)', '--buffer'], { cwd: top, input });
  return asText(out ?? Buffer.alloc(0))
    .split('\n')
    .map((size) => Number(size) || 0);
}

function text(cwd: string, args: string[]): string {
  const out = askGit(args, { cwd });
  if (out === null) throw new Error(`git ${args[0]} did not succeed`);
  return asText(out);
}

const asText = (out: Buffer) => out.toString('utf8');

function mergeHeads(gitDir: string): string[] {
  return (readText(join(gitDir, 'MERGE_HEAD')) ?? '').split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}

/** Routing of every path; git is asked which folders hold tracked files only where a new file needs to know. */
function judge(changes: RawChange[], { top, session, policy, who }: GateInput): GateFindings['routes'] {
  const fresh = new Set(changes.filter((change) => change.status === 'A').map((change) => change.path));
  const facts = {
    policy: policy.routing,
    session,
    who,
    tracked: (path: string) => !fresh.has(path),
    ...(fresh.size > 0
      ? { workspaces: workspaceGlobs(readText(join(top, 'package.json')), readText(join(top, 'pnpm-workspace.yaml'))) }
      : {}),
  };
  // A first round finds out which folders matter, so that one process of git answers for all of them.
  const asked = new Set<string>();
  for (const path of fresh) decideRoute(path, { ...facts, dirTracked: (dir) => Boolean(asked.add(dir)) });
  const dirTracked = trackedDirs(top, asked);
  return changes.flatMap(({ path }) => {
    const route = decideRoute(path, { ...facts, dirTracked });
    return route.verdict === 'refused' || route.verdict === 'warned' ? [{ path, route }] : [];
  });
}

function secretsOf(change: RawChange, added: AddedLines | undefined, policy: Policy): GateFindings['secrets'] {
  if (!added || change.mode === '160000' || change.path.startsWith('.swarm/log/')) return [];
  const found = notAllowed(scanSecrets(added.text, change.path), change.path, policy.secrets.allow);
  return found.map(({ rule, line }) => ({ path: change.path, rule, line: added.lines[line - 1] ?? line }));
}
