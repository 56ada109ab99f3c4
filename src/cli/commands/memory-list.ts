import { count } from '../../core/text.ts';
import type { Call, CommandSpec } from '../command.ts';
import { entryFacts, originOf, printByNamespace, shortValue } from '../memory/entry.ts';
import { limitOf, memoryView, VIEW_OPTIONS } from '../memory/view.ts';

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

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const { session, entries, fill } = await memoryView(call);
  const shown = fill(entries.slice(0, limit));
  const { io } = call;
  io.json({ session, total: entries.length, entries: shown.map(entryFacts) });
  const now = Date.now();
  printByNamespace(io, shown, (entry) => {
    const origin = originOf(entry, now);
    return `${shortValue(entry, io.width - entry.key.length - origin.length - 8)}  ${io.paint('dim', origin)}`;
  });
  if (shown.length < entries.length) io.say(`… and ${entries.length - shown.length} more (--limit ${entries.length})`);
  if (entries.length === 0) io.say(session ? 'Nothing here.' : 'No session is checked out, and no approved project memory fits.');
  else io.note(io.paint('dim', count(entries.length, 'key')));
}
