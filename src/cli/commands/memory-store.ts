import { fullKey, placeOf } from '../../core/memory/key.ts';
import { visible } from '../../core/text/text.ts';
import { storeMemory } from '../../lifecycle/memory/store.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf, taskOf } from '../actor.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { givenValue, parseSpan, parseTags } from '../memory/value.ts';

export const command: CommandSpec = {
  name: 'memory store',
  summary: 'Store a value under a key',
  details:
    'The value is recorded at once and every agent of the session can read it; exit 0 means written. ' +
    'A value that is a JSON object or array is stored as JSON, anything else as text.\n\n' +
    'Without --namespace a key pattern/... or trajectory/... belongs to reasoning-bank, which outlives the session once a person approves it; ' +
    'any other belongs to coordination, which lives as long as the session. A key may carry its namespace in front.\n\n' +
    'Memory is committed with the session: what looks like a secret is refused.',
  args: [
    { spec: '<key>', description: 'a path of plain words' },
    { spec: '[value]', description: 'the value (behind --, where it begins with a dash)' },
  ],
  options: [
    { flags: '--stdin', description: 'read the value from standard input; one newline at its end is dropped' },
    { flags: '--file <path>', description: 'read the value from a file' },
    { flags: '--text', description: 'store it as text, whatever it looks like' },
    { flags: '--namespace <name>', description: 'coordination, reasoning-bank, or one that the policy names' },
    { flags: '--ttl <span>', description: 'the key is absent after this time: seconds, or 30m, 1h, 7d' },
    { flags: '--tags <list>', description: 'words, separated by commas' },
    { flags: '--if-absent', description: 'claim the key: refuse (exit 1) where it is there already' },
    { flags: '--task <id>', description: 'the task it belongs to (also: GIT_SESSION_TASK)' },
    { flags: '--agent <name>', description: 'who stores it (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'store it in another session than the checked-out one' },
  ],
  examples: [
    'git session memory store swarm/shared/api-contract "POST /login answers 200 with a cookie"',
    'git session memory store session/phase \'{"phase":"implementation","progress":65}\'',
    'git session memory store pattern/auth/jwt --file jwt.json --tags auth,jwt',
    'git session memory store --if-absent --agent tester --ttl 1h -- lock/database held',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const value = givenValue(call);
  const ttl = text(call, 'ttl');
  const ttlMs = ttl === undefined ? null : Math.round(parseSpan('ttl', ttl) * 1000);
  const tags = parseTags(text(call, 'tags'));
  const actor = actorOf(call);
  const task = taskOf(call);
  const here = await sessionHere(text(call, 'session'));
  const place = placeOf(call.args[0] ?? '', text(call, 'namespace'), here.policy);
  const record = await storeMemory(here, { place, value, actor, task, ttlMs, tags, ifAbsent: flag(call, 'ifAbsent') });
  const expires = ttlMs === null ? null : (record.data as { expires_at: number }).expires_at;
  call.io.json({ ...place, session: here.id, record: record.id, at: record.at, expires_at: expires && new Date(expires).toISOString() });
  call.io.say(`Stored ${visible(fullKey(place))}`);
}
