/** Settings, for people. */

import { allowed, type Wish } from '../../core/policy/personal.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import type { Setting, Settings } from '../../lifecycle/settings.ts';
import { POLICY_FILE } from '../../trust/approvers.ts';
import type { Io } from '../io.ts';
import { printColumns, widest } from './columns.ts';

/** Every setting in three columns: name, value, source. */
export function printSettings(io: Io, found: Settings): void {
  const { settings } = found;
  io.say(headline(found));
  const rows = settings.map((setting) => [setting.key, shown(setting.value), sourceOf(setting, found.personal)]);
  const [keys, sources] = [0, 2].map((at) =>
    widest(
      rows.map((row) => row[at] ?? ''),
      32,
    ),
  );
  printColumns(
    io,
    [
      { width: keys ?? 1, whole: true },
      { width: null, whole: true },
      { width: sources ?? 1, whole: true, style: (cell) => (cell === 'default' ? 'dim' : 'cyan') },
    ],
    rows,
  );
}

function headline({ effective: { local, source, branch }, place }: Settings): string {
  if (local !== null) return `Policy of this clone alone (local, unaudited), from ${visible(place)}`;
  if (source === null) return 'No policy is in force: these are the defaults. Set it up with: git session init';
  return `Policy of ${oneLine(branch, 60)}, from ${place} at ${source.slice(0, 10)}`;
}

/** Personal settings that do nothing, and what is to be said of the file in the working tree. */
export function printRemarks(io: Io, { personal, here, notes }: Settings): void {
  for (const wish of personal) {
    const text = remark(wish);
    if (text) io.note(`${io.paint('yellow', 'note:')} ${oneLine(text, 400)}`);
  }
  if (here && here.differs.length > 0) {
    io.note(
      `${io.paint('yellow', 'note:')} ${POLICY_FILE} in this working tree is not what is in force: ${here.differs.join(', ')} ${here.differs.length === 1 ? 'differs' : 'differ'}. It counts once an approver signed it on the policy branch.`,
    );
  }
  for (const note of notes) io.note(visible(note, '\n'));
}

/** Set-up commands that this clone had agreed to run. */
export function printForgotten(io: Io, commands: readonly string[]): void {
  for (const command of commands) io.say(`Will be asked for again: ${oneLine(command, 200)}`);
  if (commands.length === 0) io.say('This clone has agreed to run nothing.');
}

/** Where a value comes from. */
export function sourceOf({ key, source, line }: Setting, personal: readonly Wish[]): string {
  if (source === 'personal') return personal.find((wish) => wish.key === key)?.name ?? 'git config';
  return source === 'policy' ? `${POLICY_FILE}:${line}` : 'default';
}

function remark({ name, value, key, effect }: Wish): string | null {
  if (key === null) return `git config ${name} is no setting of this program.`;
  if (effect === 'laxer')
    return `git config ${name} is "${value}", and does nothing: the policy is stricter, and a personal setting can only tighten it.`;
  if (effect === 'invalid') return `git config ${name} is "${value}", and does nothing: ${allowed(key, value)}.`;
  return null;
}

/** A value on one line of a table. */
function shown(value: unknown): string {
  if (Array.isArray(value)) {
    const named = value.map((item) => (typeof item === 'string' ? item : (item as { name?: string; rule?: string }).name)).filter(Boolean);
    return value.length === 0 ? 'none' : named.length === value.length ? named.join(', ') : count(value.length, 'entry', 'entries');
  }
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .flatMap(([name, to]) => `${name}: ${to}`)
      .join(', ');
  return value === null ? 'none' : String(value);
}
