import type { AnyRecord } from '../../core/log/record.ts';
import { isPattern } from '../../core/memory/key.ts';
import { isWritten } from '../../core/memory/memory.ts';
import { measuredText } from '../../core/pattern/outcome.ts';
import { patternKey } from '../../core/pattern/pattern.ts';
import { wrapLine } from '../../core/text/columns.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import type { KnownPattern } from '../../lifecycle/patterns/known.ts';
import { findPattern, mergedAs } from '../../lifecycle/patterns/patterns.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import type { Io, Style } from '../io.ts';
import { bankView, patternFacts, printPattern } from '../pattern-view.ts';

export const command: CommandSpec = {
  name: 'pattern show',
  summary: 'Show one pattern, its origin and how it served',
  args: [{ spec: '<pattern>', description: 'id or key, or a beginning of either' }],
  options: [{ flags: '--session <id>', description: 'as another session sees it' }],
  examples: ['git session pattern show auth-jwt', 'git session pattern show auth-jwt --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { session, patterns, records, own } = await bankView(text(call, 'session'));
  const pattern = findPattern(patterns, call.args[0] ?? '');
  const { io } = call;
  const uses = pattern.uses.map(({ at, ...use }) => ({ ...use, at: new Date(at).toISOString() }));
  const history = historyOf(pattern, [...records, ...own]);
  io.json({ ...patternFacts(pattern), approved: pattern.session !== session, uses, history });
  const asked = call.args[0] ?? '';
  if (mergedAs(pattern, asked)) io.note(`${oneLine(asked, 120)} was merged into ${oneLine(pattern.key, 120)}:`);
  printPattern(io, pattern, session);
  const { description, approach, implementation, code_snippets, lessons_learned, applies_to, merged_from } = pattern;
  block(io, null, description);
  block(io, 'Approach', approach);
  for (const [name, value] of Object.entries({ Implementation: implementation, 'Code snippets': code_snippets })) {
    if (value !== null) block(io, name, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  }
  items(io, 'Lessons learned', lessons_learned);
  items(io, 'Applies to', applies_to);
  items(io, 'Merged into it', [...new Set(merged_from.map(patternKey))]);
  printOutcome(io, pattern);
  items(
    io,
    'Used in',
    uses.map(
      ({ session: where, claim, note }) =>
        `${where}${where === pattern.session ? ', which learned it' : ''}${claim === null ? '' : `: ${claim} claimed`}${note === null ? '' : ` (${note})`}`,
    ),
  );
  items(
    io,
    'History',
    history.map(({ at, what, key, by, session: where }) => `${at.slice(0, 10)} ${what} ${key} by ${by} in ${where}`),
  );
}

function printOutcome(io: Io, { outcome, claimed, approved, session, uses }: KnownPattern): void {
  const { success_rate, claims } = outcome;
  io.say();
  wrapped(io, `Measured: ${measuredText(outcome)}${success_rate === null ? '' : measuredMore(outcome, session, uses)}`);
  const said = [
    ...(claimed.success_rate === null ? [] : [`${claimed.success_rate} % success`]),
    ...(claims.success + claims.failure === 0 ? [] : [`served ${count(claims.success, 'session')} and failed ${claims.failure}`]),
  ];
  if (said.length > 0) wrapped(io, `Claimed by agents, and counted nowhere: ${said.join('; ')}`, 'dim');
  if (approved) io.say(`Seal: ${approved.seal.slice(0, 12)}`);
}

/** Whose closeouts were counted: the session that learned it vouches for itself, which is to be seen. */
function measuredMore(outcome: KnownPattern['outcome'], learnedIn: string, uses: KnownPattern['uses']): string {
  const { sessions_used, success_rate, test_coverage_avg } = outcome;
  const coverage = test_coverage_avg === null ? 'coverage not recorded' : `${test_coverage_avg} % test coverage on average`;
  const own = uses.some((use) => use.session === learnedIn);
  const others = sessions_used - (own ? 1 : 0);
  const by = !own
    ? count(others, 'session')
    : others === 0
      ? 'only by the session that learned it'
      : `the session that learned it and ${count(others, 'other')}`;
  return ` (${success_rate} %), ${by}, ${coverage}`;
}

/** What was written under its key, and under the keys merged into it. */
function historyOf(pattern: KnownPattern, records: readonly AnyRecord[]) {
  const keys = new Set([pattern.key, ...pattern.merged_from.map(patternKey)]);
  return records
    .filter(isWritten)
    .filter(({ data }) => isPattern(data) && keys.has(data.key))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ kind, data, at, actor, session }) => ({
      ...{ key: data.key, what: kind === 'memory.deleted' ? ('deleted' as const) : ('stored' as const), at, by: actor.name, session },
    }));
}

function block(io: Io, title: string | null, value: string | null): void {
  if (value === null) return;
  io.say(title === null ? '' : `\n${io.paint('bold', title)}`);
  io.say(visible(value, '\n\t').replace(/^/gm, '  '));
}

function items(io: Io, title: string, list: readonly string[]): void {
  if (list.length === 0) return;
  io.say(`\n${io.paint('bold', title)}`);
  for (const item of list) wrapped(io, `  - ${oneLine(item, 1000)}`, null, 4);
}

function wrapped(io: Io, text: string, style: Style | null = null, indent = 2): void {
  for (const row of wrapLine({ text, indent }, io.width)) io.say(style ? io.paint(style, row) : row);
}
