import { usageError } from '../../core/errors.ts';
import { termsOf } from '../../core/memory/search-words.ts';
import { searchPatterns } from '../../lifecycle/patterns/patterns.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { limitOf } from '../memory/view.ts';
import { bankView, patternFacts, printPattern } from '../pattern-view.ts';

export const command: CommandSpec = {
  name: 'pattern search',
  summary: 'Find patterns by words',
  details:
    'Finds patterns that hold at least one of the words in their title, phrasings (applies_to), approach, description or lessons, best first. ' +
    'What fits a task, also in other words and by what was measured, is offered by git session start, hooks pre-task and the MCP tool pattern_search.',
  args: [{ spec: '<words...>', description: 'what to look for' }],
  options: [
    { flags: '-n, --limit <n>', description: 'at most so many', default: '10' },
    { flags: '--session <id>', description: 'what another session sees' },
  ],
  examples: ['git session pattern search keep users logged in'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const words = call.args.join(' ');
  if (termsOf(words).length === 0) throw usageError({ what: 'There is nothing to look for.', next: 'Give a few words.' });
  const { session, patterns } = await bankView(text(call, 'session'));
  const { total, hits } = searchPatterns(patterns, words, limit);
  const { io } = call;
  const score = (n: number) => Math.round(n * 1000) / 1000;
  io.json({ session, total, patterns: hits.map((hit) => ({ ...patternFacts(hit.pattern), score: score(hit.score) })) });
  for (const { pattern } of hits) printPattern(io, pattern, session);
  if (hits.length < total) io.say(`… and ${total - hits.length} more (--limit ${total})`);
  if (total === 0) io.say('Nothing found.');
}
