import { usageError } from '../../core/errors.ts';
import { type MemoryEntry, valueText } from '../../core/memory.ts';
import { rank, snippet, termsOf } from '../../core/search.ts';
import { oneLine, visible } from '../../core/text.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { entryFacts, originOf } from '../memory/entry.ts';
import { limitOf, memoryView, VIEW_OPTIONS } from '../memory/view.ts';

export const command: CommandSpec = {
  name: 'memory search',
  summary: 'Find keys and values',
  details:
    'Finds entries that hold at least one of the words in key, value or tags, best first; with --pattern, among keys like it. ' +
    'In a session it looks at its own records and approved project memory; outside one, at approved project memory alone.',
  args: [{ spec: '[words...]', description: 'what to look for' }],
  options: VIEW_OPTIONS,
  examples: ['git session memory search refresh token', "git session memory search --pattern 'pattern/%' --namespace reasoning-bank"],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const terms = termsOf(call.args.join(' '));
  if (terms.length === 0 && text(call, 'pattern') === undefined) {
    throw usageError({ what: 'There is nothing to look for.', next: "Give words, or a pattern of keys such as --pattern 'pattern/%'." });
  }
  const { session, entries } = await memoryView(call);
  const found = find(entries, terms);
  const shown = found.slice(0, limit);
  const { io } = call;
  const now = Date.now();
  const pieceOf = (entry: MemoryEntry, width: number) => snippet(valueText(entry.value), terms, width);
  io.json({
    session,
    total: found.length,
    entries: shown.map(({ item, score }) => ({
      ...entryFacts(item),
      score: score === null ? null : Math.round(score * 1000) / 1000,
      snippet: pieceOf(item, 160),
    })),
  });
  for (const { item: entry } of shown) {
    io.say(`${visible(entry.namespace)}  ${io.paint('cyan', oneLine(entry.key, 500))}  ${io.paint('dim', originOf(entry, now))}`);
    io.say(`  ${oneLine(pieceOf(entry, Math.max(40, io.width - 6)), io.width)}`);
  }
  if (shown.length < found.length) io.say(`… and ${found.length - shown.length} more (--limit ${found.length})`);
  if (found.length === 0) io.say('Nothing found.');
}

/** Best first; without words in the order of the keys, and with no score. */
function find(entries: MemoryEntry[], terms: string[]): { item: MemoryEntry; score: number | null }[] {
  if (terms.length === 0) return entries.map((item) => ({ item, score: null }));
  return rank(entries, terms, (entry) => ({ title: `${entry.key} ${entry.tags.join(' ')}`, body: valueText(entry.value) }));
}
