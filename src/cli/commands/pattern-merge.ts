import { visible } from '../../core/text/text.ts';
import { mergePatterns } from '../../lifecycle/patterns/patterns.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'pattern merge',
  summary: 'Make one pattern of two that say the same',
  details:
    'The second takes the lessons and phrasings of the first, and what was measured of either counts for it; the first goes. ' +
    'Both histories stay: git session pattern show tells them. A pitfall and a strategy stay two. Like everything learned it is proposed by this session, and a person keeps or drops it.',
  args: [
    { spec: '<from>', description: 'the pattern that goes: id or key' },
    { spec: '<into>', description: 'the pattern that stays' },
  ],
  options: [
    { flags: '--agent <name>', description: 'who merges them (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'in another session than the checked-out one' },
  ],
  examples: ['git session pattern merge login-cookies auth-jwt'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const actor = actorOf(call);
  const here = await sessionHere(text(call, 'session'));
  const { from, into, record } = await mergePatterns(here, { from: call.args[0] ?? '', into: call.args[1] ?? '' }, actor);
  call.io.json({ session: here.id, from: from.key, into: into.key, record: record.id, at: record.at });
  call.io.say(`Merged ${visible(from.key)} into ${visible(into.key)}`);
  call.io.note('A person keeps or drops both changes at the closeout.');
}
