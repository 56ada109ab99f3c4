import { usageError } from '../../core/errors.ts';
import { type Match, snippet } from '../../core/memory/explain.ts';
import { valueText } from '../../core/memory/memory.ts';
import { termsOf } from '../../core/memory/search-words.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { searchMemory } from '../../lifecycle/memory/search.ts';
import type { MemoryFound } from '../../lifecycle/memory/seen.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { entryFacts, originOf } from '../memory/entry.ts';
import { limitOf, moreText, NOTHING, placesOf, VIEW_OPTIONS, viewed } from '../memory/view.ts';

export const command: CommandSpec = {
  name: 'memory search',
  summary: 'Find keys and values',
  details:
    'Finds entries that hold at least one of the words in key, tags, title, description, lessons or value, best first, and says why each was found. ' +
    'The beginning of a word counts in part. Where hardly anything holds a word, one with a typing error does, too: one in words from four letters on, two from eight. ' +
    'With --pattern it looks among keys like that; --namespace and --limit go with both. ' +
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
  const { repo, session, at } = await viewed(text(call, 'session'));
  const found = at ? await searchMemory(repo, at, { terms, keep: placesOf(call), limit }) : NOTHING;
  const { total, unchecked, hits } = found;
  const { io } = call;
  const now = Date.now();
  const pieceOf = ({ entry, matches }: Hit, width: number) =>
    entry.blob
      ? '(its value is missing)'
      : snippet(
          valueText(entry.value),
          matches.map(({ found }) => found),
          width,
        );
  io.json({
    session: session?.id ?? null,
    total,
    unchecked,
    entries: hits.map((hit) => ({
      ...entryFacts(hit.entry),
      score: hit.score === null ? null : Math.round(hit.score * 1000) / 1000,
      snippet: pieceOf(hit, 160),
      matches: hit.matches,
    })),
  });
  for (const hit of hits) {
    const { entry, matches } = hit;
    io.say(`${visible(entry.namespace)}  ${io.paint('cyan', oneLine(entry.key, 500))}  ${io.paint('dim', originOf(entry, now))}`);
    io.say(`  ${oneLine(pieceOf(hit, Math.max(40, io.width - 6)), io.width)}`);
    if (matches.length > 0) io.say(io.paint('dim', `  ${oneLine(whyOf(matches), Math.max(40, io.width - 2))}`));
  }
  const more = moreText(found, limit);
  if (more) io.say(more);
  if (hits.length === 0) io.say('Nothing found.');
}

type Hit = MemoryFound['hits'][number];

/** `found: cookie in key and value; refresh (as refesh) in lessons` */
function whyOf(matches: readonly Match[]): string {
  const fields = new Map<string, string[]>();
  for (const { word, found, field } of matches) {
    const name = found === word ? word : `${word} (as ${found})`;
    fields.set(name, [...(fields.get(name) ?? []), field]);
  }
  return `found: ${[...fields].map(([name, where]) => `${name} in ${[...new Set(where)].join(', ')}`).join('; ')}`;
}
