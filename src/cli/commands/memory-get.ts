import { type MemoryPlace, placeOf } from '../../core/memory/key.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { lookUp, lookUpApproved } from '../../lifecycle/memory/lookup.ts';
import { absent } from '../../lifecycle/memory/store.ts';
import { valueMissing } from '../../lifecycle/memory/values.ts';
import { waitFor } from '../../lifecycle/memory/wait.ts';
import { type Here, sessionHere, sessionHereOrNull } from '../../lifecycle/session/here.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { entryFacts } from '../memory/entry.ts';
import { parseSpan } from '../memory/value.ts';

export const command: CommandSpec = {
  name: 'memory get',
  summary: 'Print the value of a key',
  details:
    'Text is printed as it was stored (control characters are made visible on a terminal), anything else as JSON. Exit 1 where the key is absent. ' +
    'In a session this is what the session sees: its own records and approved project memory; outside one, approved project memory alone.',
  args: [{ spec: '<key>', description: 'the key, with or without its namespace in front' }],
  options: [
    { flags: '--namespace <name>', description: 'where to look; see: git session memory store --help' },
    { flags: '--wait <span>', description: 'wait until the key is there, at most this long: seconds, or 5m' },
    { flags: '--session <id>', description: 'what another session sees' },
  ],
  examples: [
    'git session memory get swarm/shared/api-contract',
    'git session memory get swarm/shared/api-contract --wait 60',
    'git session memory get reasoning-bank/pattern/auth/jwt --json',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const wait = text(call, 'wait');
  const ms = wait === undefined ? 0 : parseSpan('wait', wait) * 1000;
  const word = text(call, 'session');
  const here = word === undefined ? await sessionHereOrNull() : await sessionHere(word);
  const { place, entry } = here ? await inSession(call, here, ms) : await inProject(call);
  if (!entry) throw absent(place, ms > 0 ? ` after ${wait?.trim()}${/\d$/.test(wait?.trim() ?? '') ? ' s' : ''}` : '');
  if (entry.blob) throw valueMissing(entry);
  if (call.io.wantsJson) return call.io.json(entryFacts(entry));
  const { value } = entry;
  const shown = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  call.io.raw(shown.endsWith('\n') ? shown : `${shown}\n`);
}

async function inSession(call: Call, here: Here, ms: number): Promise<Found> {
  const place = placeIn(call, here.policy);
  return { place, entry: ms > 0 ? await waitFor(here, place, ms) : await lookUp(here, place) };
}

async function inProject(call: Call): Promise<Found> {
  const [{ openRepo }, { commitOf }, { compiledPolicy }] = await Promise.all([
    import('../../git/repo.ts'),
    import('../../git/refs.ts'),
    import('../../store/compiled-policy.ts'),
  ]);
  const repo = await openRepo();
  const place = placeIn(call, compiledPolicy(repo.commonDir));
  const head = await commitOf(repo, 'HEAD');
  return { place, entry: head ? await lookUpApproved(repo, head, place) : null };
}

interface Found {
  place: MemoryPlace;
  entry: MemoryEntry | null;
}

function placeIn(call: Call, policy: Policy): MemoryPlace {
  return placeOf(call.args[0] ?? '', text(call, 'namespace'), policy);
}
