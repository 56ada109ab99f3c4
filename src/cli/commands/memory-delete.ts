import { fullKey, placeOf, scopeOf } from '../../core/memory/key.ts';
import { visible } from '../../core/text/text.ts';
import { deleteMemory } from '../../lifecycle/memory/store.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'memory delete',
  summary: 'Delete a key',
  details:
    'Records that the key is gone; what it held stays in the history. Exit 1 where there is no such key. ' +
    'A key of project memory is gone for this session at once, and for others when the session has landed.',
  args: [{ spec: '<key>', description: 'the key, with or without its namespace in front' }],
  options: [
    { flags: '--namespace <name>', description: 'where it is; see: git session memory store --help' },
    { flags: '--agent <name>', description: 'who deletes it (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'in another session than the checked-out one' },
  ],
  examples: ['git session memory delete lock/database', 'git session memory delete reasoning-bank/pattern/auth/jwt'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const actor = actorOf(call);
  const here = await sessionHere(text(call, 'session'));
  const place = placeOf(call.args[0] ?? '', text(call, 'namespace'), here.policy);
  const { record, before } = await deleteMemory(here, place, actor);
  call.io.json({ ...place, session: here.id, record: record.id, at: record.at });
  call.io.say(`Deleted ${visible(fullKey(place))}`);
  if (before.session !== here.id && scopeOf(place.namespace, here.policy) === 'project') {
    call.io.say('Other sessions still see it until this one has landed.');
  }
}
