import { exportLine } from '../../core/memory/export.ts';
import { count } from '../../core/text/text.ts';
import { valueMissing } from '../../lifecycle/memory/values.ts';
import type { Call, CommandSpec } from '../command.ts';
import { memoryView, VIEW_OPTIONS } from '../memory/view.ts';

export const command: CommandSpec = {
  name: 'memory export',
  summary: 'Print memory as lines of JSON',
  details:
    'Prints what the session sees, one entry a line, whole: value, tags, expiry, and the record that stored it with its session, time and actor. ' +
    'Outside a session it prints approved project memory. `memory import` takes these lines.',
  options: VIEW_OPTIONS.filter(({ flags }) => !flags.includes('--limit')),
  examples: ['git session memory export > memory.jsonl', "git session memory export --namespace reasoning-bank --pattern 'pattern/%'"],
  run,
};

async function run(call: Call): Promise<void> {
  const { entries, fill } = await memoryView(call);
  const filled = fill(entries);
  const missing = filled.find(({ blob }) => blob);
  if (missing) throw valueMissing(missing);
  call.io.raw(filled.map(exportLine).join(''));
  call.io.note(`Exported ${count(filled.length, 'entry', 'entries')}`);
}
