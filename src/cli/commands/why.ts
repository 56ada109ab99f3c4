import { askWhy } from '../../closeout/landed/why.ts';
import { stateError, usageError } from '../../core/errors.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import { blame } from '../../git/blame.ts';
import { readAt } from '../../git/objects.ts';
import { commitOf } from '../../git/refs.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { fromTop } from '../../store/edit-path.ts';
import type { Call, CommandSpec } from '../command.ts';
import { NO_PAGER, paged } from '../pager.ts';
import { originFacts, printOrigin, printOrigins } from '../print/why.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'why',
  summary: 'Find the session behind a file or line',
  details:
    'Tells the session, task, agent, goal and approver of a committed line, or of each part of a file, also after a squash. ' +
    'It starts from git blame and believes a commit to be a session’s only where it lies between base and seal, or is its landing. ' +
    'For a line the approval is verified; for a file the verdict is that of an earlier `git session verify`.',
  args: [{ spec: '<path[:line]>', description: 'a file of the checked-out commit, and a line from 1' }],
  options: [NO_PAGER],
  examples: ['git session why src/auth.js:42', 'git session why src/auth.js', 'git session why src/auth.js:42 --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  const head = await commitOf(repo, 'HEAD');
  if (!head) throw stateError({ what: 'There is no commit yet.', next: 'Make the first commit, then ask again.' });
  const { path, line, text } = await placeOf(repo, head, call.args[0] ?? '');
  const origins = await whileSlow('Looking for where each line comes from…', originsOf(repo, head, path, line));
  const { io } = call;
  io.json({ path, line, text, origins });
  await paged(call, repo, (to) => {
    const name = to.paint('bold', line === null ? visible(path) : `${visible(path)}:${line}`);
    to.say(line === null ? name : `${name}  ${oneLine(text ?? '', to.width)}`);
    const [only] = origins;
    if (line !== null && only) printOrigin(to, only);
    else printOrigins(to, origins);
    if (origins.length === 0) to.say('The file is empty.');
  });
}

async function originsOf(repo: Repo, head: string, path: string, line: number | null) {
  const lines = (await blame(repo, head, path, line ?? undefined)) ?? [];
  return originFacts(repo, await askWhy(repo, head, lines), line !== null);
}

/** The file, and the line where one is named; the longest name that is a file wins. Throws (exit 1) where none is. */
async function placeOf(repo: Repo, head: string, word: string): Promise<{ path: string; line: number | null; text: string | null }> {
  for (const [name, line] of readings(word)) {
    const path = pathOf(repo, name);
    const content = path === null ? null : await readAt(repo, head, path);
    if (path === null || content === null) continue;
    if (line === null) return { path, line, text: null };
    const rows = content.split('\n');
    const total = content.endsWith('\n') ? rows.length - 1 : rows.length;
    if (line >= 1 && line <= total) return { path, line, text: rows[line - 1] ?? '' };
    throw usageError({ what: `${oneLine(path, 200)} has ${count(total, 'line')}, so there is no line ${line}.` });
  }
  throw stateError({
    what: `${oneLine(word, 200)} is no file of the checked-out commit.`,
    why: 'A folder, a file that is not committed yet, and one that is deleted have no lines to ask about.',
  });
}

/** `path`, `path:line`, and `path:line:column` as compilers print it. */
function readings(word: string): [name: string, line: number | null][] {
  const found: [string, number | null][] = [[word, null]];
  const one = /^(.+):(\d{1,9})$/s.exec(word);
  const two = /^(.+):(\d{1,9}):\d+$/s.exec(word);
  for (const match of [one, two]) if (match) found.push([match[1] ?? '', Number(match[2])]);
  return found;
}

/** Relative to the top; null outside the worktree. */
function pathOf(repo: Repo, word: string): string | null {
  if (word === '' || word.includes('\0')) return null;
  const path = fromTop(repo.top, repo.cwd, word);
  return path === '' || path === '..' || path.startsWith('../') ? null : path;
}
