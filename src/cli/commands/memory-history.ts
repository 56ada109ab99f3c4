import { historyOf, type MemoryEvent } from '../../core/memory/history.ts';
import { fullKey, placeOf } from '../../core/memory/key.ts';
import { entryOf, type MemoryEntry, valueText } from '../../core/memory/memory.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { commitOf } from '../../git/refs.ts';
import { approvedRecords, everRecorded } from '../../lifecycle/memory/memory.ts';
import { absent } from '../../lifecycle/memory/store.ts';
import { fillValues } from '../../lifecycle/memory/values.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import type { Io } from '../io.ts';
import { actorFacts, originFacts } from '../memory/entry.ts';
import { viewed } from '../memory/view.ts';

export const command: CommandSpec = {
  name: 'memory history',
  summary: 'Show who wrote a key, what and when',
  details:
    'Every record that wrote the key, newest first: values, deletions, claims that came too late, and when a value expired. In a session it looks at its own ' +
    'records and approved project memory; outside one, at approved project memory alone. Of a closed session, with its backup tag here, it also shows what ' +
    'left the tip at the closeout. Exit 1 where nothing ever wrote the key.',
  args: [{ spec: '<key>', description: 'the key, with or without its namespace in front' }],
  options: [
    { flags: '--namespace <name>', description: 'where to look; see: git session memory store --help' },
    { flags: '--session <id>', description: 'what another session has seen' },
  ],
  examples: ['git session memory history swarm/shared/api-contract', 'git session memory history lock/db --session 20251117-143022'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { repo, session } = await viewed(text(call, 'session'));
  const place = placeOf(call.args[0] ?? '', text(call, 'namespace'), compiledPolicy(repo.commonDir));
  const commit = session ? session.tip : await commitOf(repo, 'HEAD');
  const records = session ? await everRecorded(repo, session) : commit ? await approvedRecords(repo, commit) : [];
  const events = historyOf(records, place, Date.now()).reverse();
  if (events.length === 0) throw absent(place, ', and there never was');
  // A value that left the tip with the seal is read from the commit before it.
  const here = fillValues(repo, commit ?? 'HEAD', events.flatMap(entryIn));
  const entries = session ? fillValues(repo, `${session.tip}^1`, here) : here;
  const entryOfRecord = new Map(entries.map((entry) => [entry.record, entry]));
  call.io.json({
    ...place,
    session: session?.id ?? null,
    events: events.map((event) => eventFacts(event, entryOfRecord.get(event.record.id))),
  });
  call.io.say(call.io.paint('bold', visible(fullKey(place))));
  for (const event of events) printEvent(call.io, event, entryOfRecord.get(event.record.id));
}

function entryIn({ record }: MemoryEvent): MemoryEntry[] {
  return record.kind === 'memory.stored' ? [entryOf(record)] : [];
}

function eventFacts({ what, at, record, current }: MemoryEvent, entry: MemoryEntry | undefined) {
  const missing = entry?.blob ? ['value'] : [];
  const expires = entry?.expires_at ?? null;
  return {
    what,
    at,
    current,
    by: actorFacts(record.actor),
    task: entry?.task ?? null,
    session: record.session,
    record: record.id,
    value: entry && !entry.blob ? entry.value : null,
    not_recorded: missing,
    expires_at: expires === null ? null : new Date(expires).toISOString(),
    tags: entry?.tags ?? [],
    origin: originFacts(entry?.origin ?? null),
  };
}

const WORDS = { stored: 'stored', deleted: 'deleted', expired: 'expired', 'not-taken': 'claimed in vain' };

function printEvent(io: Io, { what, at, record, current }: MemoryEvent, entry: MemoryEntry | undefined): void {
  const time = `${at.slice(0, 10)} ${at.slice(11, 19)}`;
  const task = entry?.task ? `, for ${entry.task}` : '';
  const from = entry?.origin ? `, imported: ${entry.origin.by.name} in ${entry.origin.session}` : '';
  const who = what === 'expired' ? '' : `by ${record.actor.name}${task}${from}`;
  const label = io.paint(current ? 'green' : 'dim', WORDS[what]);
  io.say(`  ${time}  ${label} ${oneLine(who, Math.max(40, io.width - 40))}${current ? ' (current)' : ''}`.trimEnd());
  if (what !== 'stored' && what !== 'not-taken') return;
  const value = entry?.blob ? '(its value is missing)' : valueText(entry?.value);
  io.say(`    ${oneLine(value, Math.max(40, io.width - 4))}`);
}
