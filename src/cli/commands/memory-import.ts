import { readFileSync, statSync } from 'node:fs';
import { stateError } from '../../core/errors.ts';
import { count, oneLine, size } from '../../core/text/text.ts';
import { importMemory } from '../../lifecycle/memory/import.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'memory import',
  summary: 'Take in lines that were exported',
  details:
    'Reads what `memory export` printed, one entry a line, and stores what the session does not have yet. Each keeps where it comes from: ' +
    'session, record, time and who stored it, as the file says. Importing twice adds nothing, and what was stored later here stays. ' +
    'So does what was deleted here since: --restore brings such keys back.\n\n' +
    'Either all lines are right, or nothing is imported and the bad ones are named by their numbers. Secrets are refused as in `memory store`. ' +
    "What is imported is this session's own until a person approves the session.",
  args: [{ spec: '<file>', description: 'the file, or - for standard input' }],
  options: [
    { flags: '--restore', description: 'bring back keys of the file that were deleted here since' },
    { flags: '--agent <name>', description: 'who imports it (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'into another session than the checked-out one' },
  ],
  examples: ['git session memory import memory.jsonl', 'git session memory export --session 20251117-143022 | git session memory import -'],
  json: true,
  run,
};

/** A file is read whole. */
const MOST_BYTES = 64 * 1024 * 1024;

async function run(call: Call): Promise<void> {
  const actor = actorOf(call);
  const here = await sessionHere(text(call, 'session'));
  const plan = await importMemory(here, linesOf(read(call.args[0] ?? '')), { actor, restore: flag(call, 'restore') });
  const { same, older, deleted, expired } = plan;
  call.io.json({ session: here.id, added: plan.add.length, already_here: same, older, deleted, expired });
  call.io.say(`Imported ${count(plan.add.length, 'entry', 'entries')}`);
  if (same > 0) call.io.say(`  here already: ${same}`);
  if (older > 0) call.io.say(`  stored later here: ${older}`);
  if (deleted > 0) call.io.say(`  deleted here since: ${deleted} (--restore brings them back)`);
  if (expired > 0) call.io.say(`  expired: ${expired}`);
}

function read(path: string): Buffer {
  const stat = path === '-' ? null : statSync(path, { throwIfNoEntry: false });
  if (path !== '-' && !stat?.isFile()) throw stateError({ what: `There is no file ${oneLine(path)}.` });
  const bytes = stat && stat.size > MOST_BYTES ? null : readFileSync(path === '-' ? 0 : path);
  if (bytes && bytes.length <= MOST_BYTES) return bytes;
  throw stateError({ what: `It is larger than ${size(MOST_BYTES)}.`, next: 'Import it in several files.' });
}

/** Each line's text; null where it is not UTF-8. */
function linesOf(bytes: Buffer): (string | null)[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const lines: (string | null)[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const next = end === -1 ? bytes.length : end + 1;
    try {
      lines.push(decoder.decode(bytes.subarray(from, next)));
    } catch {
      lines.push(null);
    }
    from = next;
  }
  return lines;
}
