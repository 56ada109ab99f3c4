import { relative, resolve, sep } from 'node:path';
import { usageError } from '../../core/errors.ts';
import type { SessionState } from '../../core/session/metadata.ts';
import { parseSince } from '../../core/session/since.ts';
import { SESSION_STATES } from '../../core/session/transitions.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { type CheckoutFacts, checkoutFacts } from '../../lifecycle/session/checkout-facts.ts';
import { type Listed, listSessions } from '../../lifecycle/session/list-sessions.ts';
import { sessionsTouching } from '../../lifecycle/session/path-sessions.ts';
import { currentSession, unreadableSessions } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { type Call, type CommandSpec, flag, text, texts } from '../command.ts';
import { printSessions } from '../print/list.ts';
import { porcelainList } from '../print/porcelain.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'list',
  summary: 'List sessions',
  details:
    'Newest first: by branch, by backup tag, abandoned ones, and those that landed on a branch that is here. Where one is checked out, the next line says ' +
    'in which folder, how many files are not committed there, and the room that it takes. ' +
    'The time stamp in front names a session wherever an id is asked for; a star marks the one that is checked out here. Words select by id, topic and goal; all of them have to occur.',
  args: [{ spec: '[words...]', description: 'words of topic or goal, or a part of the id' }],
  options: [
    { flags: '--state <state>', description: `only these: ${SESSION_STATES.join(', ')} (may be given several times)`, many: true },
    { flags: '--path <path>', description: 'only those that changed this file or folder' },
    { flags: '--since <time>', description: 'only those started since: 2025-11-17, 12h, 7d, 2w' },
    { flags: '-n, --limit <n>', description: 'at most so many', default: '50' },
    { flags: '--disk', description: 'measure the room that checkouts take to the end, however long that takes' },
    { flags: '--porcelain', description: 'lines for scripts, which stay as they are (docs/porcelain.md)' },
  ],
  examples: ['git session list', 'git session list auth --state closed', 'git session list --path src/login.ts --since 4w'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const since = sinceOf(call, Date.now());
  const states = statesOf(call);
  const repo = await openRepo();
  const path = pathOf(call, repo);
  const all = await whileSlow('Reading the sessions of this clone…', listSessions(repo));
  const named = all.filter((row) => fits(row, call.args, states, since));
  const touching = path === null ? null : await whileSlow('Looking for the sessions that changed it…', sessionsTouching(repo, named, path));
  const found = touching ? named.filter(({ session }) => touching.has(session.id)) : named;
  const shown = found.slice(0, limit);
  const here = await currentSession(repo);
  const unreadable = await unreadableSessions(repo);
  const tops = shown.flatMap(({ session }) => session.worktree ?? []);
  const checkouts = await whileSlow('Looking into the checkouts…', checkoutFacts(repo, tops, flag(call, 'disk')));
  const facts = shown.map(({ session, state }) => ({
    ...sessionFacts(session, state),
    checkout: checkoutPart(checkouts.get(session.worktree ?? '')),
  }));
  call.io.json({ sessions: facts, total: found.length, unreadable });
  for (const { id, why } of unreadable) call.io.note(`${id} cannot be read: ${why}.`);
  if (flag(call, 'porcelain') && !call.io.wantsJson) {
    call.io.raw(porcelainList(facts, here?.id ?? null));
    return;
  }
  if (found.length === 0) {
    call.io.say(
      all.length === 0 && unreadable.length === 0 ? 'No sessions yet. Start one with: git session start <topic>' : 'No session fits.',
    );
    return;
  }
  printSessions(call.io, shown, { here: here?.id ?? null, checkouts });
  if (found.length > shown.length) call.io.say(`… and ${count(found.length - shown.length, 'more session', 'more sessions')} (--limit)`);
}

function checkoutPart(found: CheckoutFacts | undefined) {
  return found ? { changed: found.changed, untracked: found.untracked, disk_bytes: found.disk.bytes, disk_whole: found.disk.whole } : null;
}

function fits({ session, state }: Listed, words: string[], states: Set<SessionState>, since: number): boolean {
  const { topic, goal, created_at } = session.metadata;
  const haystack = `${session.id}\n${session.branch}\n${topic}\n${goal ?? ''}`.toLowerCase();
  return (
    (states.size === 0 || states.has(state)) &&
    Date.parse(created_at) >= since &&
    words.every((word) => haystack.includes(word.toLowerCase()))
  );
}

function statesOf(call: Call): Set<SessionState> {
  return new Set(
    texts(call, 'state').map((word) => {
      const state = SESSION_STATES.find((one) => one === word);
      if (state) return state;
      throw usageError({ what: `There is no state "${oneLine(word, 20)}".`, next: `The states are: ${SESSION_STATES.join(', ')}.` });
    }),
  );
}

function limitOf(call: Call): number {
  const raw = text(call, 'limit') ?? '50';
  if (/^[1-9]\d{0,5}$/.test(raw)) return Number(raw);
  throw usageError({ what: `--limit takes a number from 1, not "${oneLine(raw, 20)}".` });
}

function sinceOf(call: Call, now: number): number {
  const raw = text(call, 'since');
  const at = raw === undefined ? Number.NEGATIVE_INFINITY : parseSince(raw, now);
  if (at !== null) return at;
  throw usageError({
    what: `--since does not understand "${oneLine(raw ?? '', 40)}".`,
    next: 'Use a day such as 2025-11-17, or 12h, 7d, 2w.',
  });
}

/** The path relative to the top of the worktree. Throws (exit 2) on one outside of it. */
function pathOf(call: Call, repo: Repo): string | null {
  const raw = text(call, 'path');
  if (raw === undefined) return null;
  const path = relative(repo.top, resolve(repo.cwd, raw)).split(sep).join('/');
  if (path !== '' && path !== '..' && !path.startsWith('../')) return path;
  throw usageError({ what: `"${oneLine(raw, 80)}" is not a path in this working tree.` });
}
