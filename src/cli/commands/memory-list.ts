import { count } from '../../core/text/text.ts';
import { searchMemory } from '../../lifecycle/memory/search.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { entryFacts, originOf, printByNamespace, shortValue } from '../memory/entry.ts';
import { limitOf, moreText, NOTHING, placesOf, VIEW_OPTIONS, viewed } from '../memory/view.ts';

export const command: CommandSpec = {
  name: 'memory list',
  summary: 'List keys',
  details:
    'By namespace and key: what the session sees, which is its own records and approved project memory; outside a session, approved project memory alone.',
  options: VIEW_OPTIONS,
  examples: [
    'git session memory list',
    "git session memory list --pattern 'pattern/%'",
    'git session memory list --namespace coordination --json',
  ],
  json: true,
  run,
};

/** A value shorter than this says nothing. */
const LEAST = 20;

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const { repo, session, at } = await viewed(text(call, 'session'));
  const found = at ? await searchMemory(repo, at, { terms: [], keep: placesOf(call), limit }) : NOTHING;
  const shown = found.hits.map(({ entry }) => entry);
  const { io } = call;
  io.json({ session: session?.id ?? null, total: found.total, unchecked: found.unchecked, entries: shown.map(entryFacts) });
  const now = Date.now();
  printByNamespace(io, shown, (entry) => {
    const origin = originOf(entry, now);
    const room = io.width - entry.key.length - origin.length - 6;
    // Beside a long key nothing would be left to read.
    const below = room < LEAST;
    const value = shortValue(entry, below ? io.width - origin.length - 6 : room);
    return `${below ? '\n    ' : '  '}${value}  ${io.paint('dim', origin)}`;
  });
  const more = moreText(found, limit);
  if (more) io.say(more);
  if (shown.length === 0) io.say(session ? 'Nothing here.' : 'No session is checked out, and no approved project memory fits.');
  else if (found.total !== null) io.note(io.paint('dim', count(found.total, 'key')));
}
