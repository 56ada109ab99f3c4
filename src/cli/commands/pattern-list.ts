import { count } from '../../core/text/text.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { limitOf } from '../memory/view.ts';
import { bankView, patternFacts, printPattern } from '../pattern-view.ts';

export const command: CommandSpec = {
  name: 'pattern list',
  summary: 'List the reasoning bank',
  details:
    'What approved sessions learned, and in a session what it proposes itself. Outcomes are measured: k of n closeouts of sessions that used the pattern.',
  options: [
    { flags: '-n, --limit <n>', description: 'at most so many', default: '50' },
    { flags: '--session <id>', description: 'what another session sees' },
  ],
  examples: ['git session pattern list', 'git session pattern list --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const limit = limitOf(call);
  const { session, patterns } = await bankView(text(call, 'session'));
  const shown = patterns.slice(0, limit);
  const { io } = call;
  io.json({ session, total: patterns.length, patterns: shown.map(patternFacts) });
  for (const pattern of shown) printPattern(io, pattern, session);
  if (shown.length < patterns.length) io.say(`… and ${patterns.length - shown.length} more (--limit ${patterns.length})`);
  if (patterns.length === 0) io.say('Nothing has been learned yet. Record something with: git session pattern record');
  else io.note(io.paint('dim', count(patterns.length, 'pattern')));
}
