import { usageError } from '../../core/errors.ts';
import { type MemoryEntry, valueText } from '../../core/memory.ts';
import { snippet, termsOf } from '../../core/search.ts';
import { oneLine, visible } from '../../core/text.ts';
import { commitOf } from '../../git/refs.ts';
import { searchMemory } from '../../lifecycle/memory-search.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { entryFacts, originOf } from '../memory/entry.ts';
import { limitOf, placesOf, VIEW_OPTIONS, viewed } from '../memory/view.ts';

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
  const { repo, session } = await viewed(text(call, 'session'));
  const commit = session ? null : await commitOf(repo, 'HEAD');
  const at = session ? { session } : commit ? { commit } : null;
  const { total, hits } = at ? await searchMemory(repo, at, { terms, keep: placesOf(call), limit }) : { total: 0, hits: [] };
  const { io } = call;
  const now = Date.now();
  const pieceOf = (entry: MemoryEntry, width: number) => snippet(valueText(entry.value), terms, width);
  io.json({
    session: session?.id ?? null,
    total,
    entries: hits.map(({ entry, score }) => ({
      ...entryFacts(entry),
      score: score === null ? null : Math.round(score * 1000) / 1000,
      snippet: pieceOf(entry, 160),
    })),
  });
  for (const { entry } of hits) {
    io.say(`${visible(entry.namespace)}  ${io.paint('cyan', oneLine(entry.key, 500))}  ${io.paint('dim', originOf(entry, now))}`);
    io.say(`  ${oneLine(pieceOf(entry, Math.max(40, io.width - 6)), io.width)}`);
  }
  if (hits.length < total) io.say(`… and ${total - hits.length} more (--limit ${total})`);
  if (total === 0) io.say('Nothing found.');
}
