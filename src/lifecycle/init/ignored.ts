/** What in the repository would hide session files from git, or sweep them into tests, packages and images. */

import { stateError } from '../../core/errors.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { ignoredBy } from '../../git/ignored.ts';
import { listFolder } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { isBehindLink } from '../files/behind-link.ts';

const ID = 'session-20260101-000000-probe';

/** Places that must not be ignored, and how a pattern that brings each back names it. */
const PROBES: { path: string; pattern: string }[] = [
  { path: '.sessionrc.yaml', pattern: '/.sessionrc.yaml' },
  { path: '.swarm/', pattern: '/.swarm/' },
  { path: '.swarm/allowed_signers', pattern: '/.swarm/allowed_signers' },
  { path: '.swarm/approvers/probe.asc', pattern: '/.swarm/approvers/' },
  { path: '.swarm/log/', pattern: '/.swarm/log/' },
  { path: `.swarm/log/${ID}/probe.1.jsonl`, pattern: '/.swarm/log/**/*.jsonl' },
  { path: '.swarm/backups/', pattern: '/.swarm/backups/' },
  { path: `.swarm/backups/${ID}.json`, pattern: '/.swarm/backups/*.json' },
  { path: 'sessions/', pattern: '/sessions/' },
  { path: `sessions/${ID}/`, pattern: '/sessions/session-*/' },
  { path: `sessions/${ID}/metadata.json`, pattern: '/sessions/session-*/*.json' },
  { path: `sessions/${ID}/session-summary.md`, pattern: '/sessions/session-*/*.md' },
  { path: `sessions/${ID}/artifacts/`, pattern: '/sessions/session-*/artifacts/' },
  ...['code', 'tests', 'docs', 'scripts', 'notes'].map((kind) => ({
    path: `sessions/${ID}/artifacts/${kind}/`,
    pattern: `/sessions/session-*/artifacts/${kind}/`,
  })),
];

/** Where a whole folder was ignored, only our places in it come back: what else lies there stays hidden. */
const INSIDE: Record<string, string[]> = {
  '/.swarm/': ['/.swarm/*', '!/.swarm/allowed_signers', '!/.swarm/approvers/', '!/.swarm/log/', '!/.swarm/backups/'],
  '/sessions/': ['/sessions/*', '!/sessions/session-*/'],
};

export interface IgnoredPlace {
  /** As a pattern names it. */
  place: string;
  /** The rule that ignores it: `file:line: pattern`. */
  by: string;
  /** Lines for .gitignore that bring it back. */
  lines: string[];
}

/** What ignore rules hide of session files; the outermost place only where one holds another. Refuses (exit 1) links in place of our folders. */
export async function ignoredPlaces(repo: Repo): Promise<IgnoredPlace[]> {
  const link = ['.swarm', 'sessions'].find((folder) => isBehindLink(repo.top, folder));
  if (link) {
    throw stateError({
      what: `${link} is a link here, and git-session needs a folder of its own there.`,
      next: `Give the link another name first: mv ${link} ${link}-link`,
    });
  }
  const found = await ignoredBy(
    repo,
    PROBES.map(({ path }) => path),
  );
  const isInside = (path: string, folder: string) => path !== folder && folder.endsWith('/') && path.startsWith(folder);
  return PROBES.flatMap(({ path, pattern }) => {
    const by = found.get(path);
    if (by === undefined || PROBES.some((other) => isInside(path, other.path) && found.has(other.path))) return [];
    return [{ place: pattern, by, lines: [`!${pattern}`, ...(INSIDE[pattern] ?? [])] }];
  });
}

/** Sentences about other uses of our folders at a commit. */
export async function usedPlaces(repo: Repo, treeish: string): Promise<string[]> {
  const [sessions, swarm] = await Promise.all([listFolder(repo, treeish, 'sessions'), listFolder(repo, treeish, '.swarm')]);
  const theirs = sessions.filter(({ name }) => !name.startsWith('session-'));
  const others = swarm.filter(({ name }) => !['allowed_signers', 'approvers', 'log', 'backups'].includes(name));
  const said = (folder: string, rows: { name: string }[], ours: string) =>
    rows.length === 0 ? [] : [`${folder} holds other files already (${oneLine(rows.map(({ name }) => name).join(', '), 100)}); ${ours}`];
  return [
    ...said('sessions/', theirs, 'each session makes its own folder session-… beside them.'),
    ...said('.swarm/', others, 'they are left alone.'),
  ];
}

/** Files of ignore patterns, read by tools that would otherwise walk into session files. */
export const IGNORE_FILES = ['.npmignore', '.dockerignore', '.eslintignore', '.prettierignore'];

/** How each runner is told to stay out of sessions/. */
const EXCLUDE: Record<string, string> = {
  'node --test': 'name your own in the script, such as node --test test/*.test.js',
  vitest: "add --exclude 'sessions/**' to the script",
  jest: 'add "<rootDir>/sessions/" to testPathIgnorePatterns of its configuration',
  mocha: "add --ignore 'sessions/**' to the script",
  ava: 'add "!sessions/**" to "files" of its configuration',
};

/** Node's runner with nothing named: what is named, it keeps to. */
const NODE_TEST = /\bnode\b[^&|;]*\s--test(?![-\w])(\s+--?[\w-]+(=\S+)?)*\s*([&|;"]|$)/;

/** Sentences about tools that would catch session files and that init does not change itself. */
export function toolNotes(files: ReadonlyMap<string, string>): string[] {
  const notes: string[] = [];
  const manifest = asObject(parseJson(files.get('package.json') ?? ''));
  if (manifest && manifest.private !== true && !Array.isArray(manifest.files) && !files.has('.npmignore')) {
    notes.push('npm would pack sessions/ and .swarm/: name what to publish in "files" of package.json, such as "files": ["dist"].');
  }
  const { test } = asObject(manifest?.scripts) ?? {};
  const tests = typeof test === 'string' ? test : '';
  const runner = /\b(vitest|jest|mocha|ava)\b/.exec(tests)?.[1] ?? (NODE_TEST.test(tests) ? 'node --test' : null);
  if (runner && !/\bsessions\b/.test(tests))
    notes.push(
      `${runner} also finds tests under sessions/, so that artifacts of closed sessions run with your tests. To leave them out: ${EXCLUDE[runner]}`,
    );
  const tsconfig = files.get('tsconfig.json');
  if (tsconfig !== undefined && !/"(include|files)"\s*:/.test(tsconfig)) {
    notes.push(
      'tsconfig.json includes every folder: add "sessions" to its "exclude" so that artifacts are not type-checked with the product.',
    );
  }
  const python = files.get('pyproject.toml') ?? files.get('pytest.ini');
  if (python !== undefined && /pytest/.test(python + (files.has('pytest.ini') ? 'pytest' : '')) && !/\btestpaths\b/.test(python)) {
    notes.push('pytest also collects tests under sessions/: set testpaths, or artifacts of closed sessions run with your tests.');
  }
  if (files.has('go.mod')) notes.push('go test ./... also walks into sessions/: Go artifacts there are built with your packages.');
  if (files.has('Dockerfile') && !files.has('.dockerignore'))
    notes.push('A Dockerfile that copies "." takes sessions/ and .swarm/ along: list them in .dockerignore.');
  return notes;
}

/** Names that `toolNotes` wants to know. */
export const TOOL_FILES = [
  'package.json',
  '.npmignore',
  'tsconfig.json',
  'pyproject.toml',
  'pytest.ini',
  'go.mod',
  'Dockerfile',
  '.dockerignore',
];
