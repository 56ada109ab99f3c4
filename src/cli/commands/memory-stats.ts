import { memoryStats, type NamespaceStats } from '../../core/memory/stats.ts';
import { count, size } from '../../core/text/text.ts';
import { commitOf } from '../../git/refs.ts';
import { approvedRecords, seenRecords } from '../../lifecycle/memory/memory.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { viewed } from '../memory/view.ts';
import { type Column, printColumns, widest } from '../print/columns.ts';

export const command: CommandSpec = {
  name: 'memory stats',
  summary: 'Count keys, sizes and writers',
  details:
    'By namespace: what is there now, what it takes, and who wrote it, counted from the records that the session sees; outside a session from approved project memory.',
  options: [{ flags: '--session <id>', description: 'what another session sees' }],
  examples: ['git session memory stats', 'git session memory stats --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { repo, session } = await viewed(text(call, 'session'));
  const commit = session ? null : await commitOf(repo, 'HEAD');
  const seen = session
    ? await seenRecords(repo, session)
    : { records: commit ? await approvedRecords(repo, commit) : [], bad: 0, unknown: 0 };
  const policy = compiledPolicy(repo.commonDir);
  const namespaces = memoryStats(seen.records, { session: session?.id ?? null, policy, now: Date.now() });
  const { io } = call;
  io.json({
    session: session?.id ?? null,
    namespaces,
    bad_lines: session ? seen.bad : null,
    unknown_records: session ? seen.unknown : null,
  });
  const rows = namespaces.map(rowOf);
  const head = ['namespace', 'scope', 'keys', 'size', 'written'];
  const widths = head.map((title, i) => widest([title, ...rows.map((row) => row[i] ?? '')], i === 0 ? 24 : 14));
  const columns: Column[] = [...widths.map((width) => ({ width })), { width: null }];
  printColumns(io, columns, [[...head, 'by'], ...rows], 0);
  if (seen.bad > 0) io.say(`\n${count(seen.bad, 'line')} of the log cannot be read and ${seen.bad === 1 ? 'was' : 'were'} set aside.`);
  if (seen.unknown > 0) io.say(`\n${count(seen.unknown, 'record')} of kinds that this version does not know.`);
}

function rowOf({ namespace, scope, keys, bytes, writes, writers }: NamespaceStats): string[] {
  return [namespace, scope, String(keys), size(bytes), count(writes, 'time'), writers.join(', ')];
}
