import { usageError } from '../../core/errors.ts';
import { visible } from '../../core/text/text.ts';
import { recordUse } from '../../lifecycle/patterns/patterns.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'pattern use',
  summary: 'Say that a pattern was used, and how it served',
  details:
    'What is said is kept as a claim. That the session used the pattern counts: when its closeout is decided, the pattern worked there or it did not.',
  args: [{ spec: '<pattern>', description: 'id or key, or a beginning of either' }],
  options: [
    { flags: '--outcome <outcome>', description: 'success or failure', choices: ['success', 'failure'] },
    { flags: '--note <text>', description: 'what came of it, in a sentence or two' },
    { flags: '--agent <name>', description: 'who used it (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'in another session than the checked-out one' },
  ],
  examples: [
    'git session pattern use auth-jwt --outcome success',
    'git session pattern use auth-jwt --outcome failure --note "Safari drops the cookie"',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const outcome = text(call, 'outcome');
  if (outcome !== 'success' && outcome !== 'failure') {
    throw usageError({ what: 'How did it serve?', next: 'git session pattern use <pattern> --outcome success|failure' });
  }
  const actor = actorOf(call);
  const here = await sessionHere(text(call, 'session'));
  const note = text(call, 'note')?.trim() || null;
  const { pattern, record } = await recordUse(here, call.args[0] ?? '', { outcome, note, actor });
  call.io.json({ session: here.id, pattern_id: pattern.id, key: pattern.key, claim: outcome, note, record: record.id, at: record.at });
  call.io.say(`Noted that ${visible(pattern.key)} was used (${outcome}, as a claim)`);
}
