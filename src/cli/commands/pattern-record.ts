import { readFileSync, statSync } from 'node:fs';
import { stateError, usageError } from '../../core/errors.ts';
import type { PatternFields } from '../../core/pattern/pattern.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { recordPattern } from '../../lifecycle/patterns/patterns.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { actorOf, taskOf } from '../actor.ts';
import { type Call, type CommandSpec, flag, text, texts } from '../command.ts';
import { decode, parseTags } from '../memory/value.ts';
import { printAlike } from '../pattern-view.ts';

export const command: CommandSpec = {
  name: 'pattern record',
  summary: 'Record something learned',
  details:
    'From a file (JSON, YAML, or Markdown with front matter), from standard input, or from options alone; options replace what the file says. ' +
    'It is a proposal of this session until a person keeps it at the closeout, and serves later sessions from then on.\n\n' +
    'Fields: pattern_id, title, kind (strategy or pitfall), description, approach, implementation and code_snippets (any JSON), lessons_learned, ' +
    'applies_to (phrasings of tasks that it fits: it is found by these), success_metrics, success_rate, reusable. The last three are kept as claims: ' +
    'figures are derived from closeouts. Any other field is refused. In Markdown the text below the front matter is the approach, its first heading the title.\n\n' +
    'The pattern of the same id is changed; both versions are shown at the closeout. What looks like a secret is refused.',
  args: [{ spec: '[file]', description: 'the file to read' }],
  options: [
    { flags: '--stdin', description: 'read it from standard input' },
    { flags: '--title <text>', description: 'what it is about, on one line' },
    { flags: '--kind <kind>', description: 'strategy (to do) or pitfall (to avoid)', choices: ['strategy', 'pitfall'] },
    { flags: '--description <text>', description: 'what it is' },
    { flags: '--approach <text>', description: 'how it is done' },
    { flags: '--lesson <text>', description: 'a lesson learned', many: true },
    { flags: '--applies-to <phrase>', description: 'a task that it fits, as somebody would put it', many: true },
    { flags: '--id <id>', description: 'its id; made of the title when left out' },
    { flags: '--key <key>', description: 'where it is kept: pattern/<topic>/<name>' },
    { flags: '--tags <list>', description: 'words, separated by commas' },
    { flags: '--task <id>', description: 'the task it comes from (also: GIT_SESSION_TASK)' },
    { flags: '--agent <name>', description: 'who records it (also: GIT_SESSION_AGENT)' },
    { flags: '--session <id>', description: 'in another session than the checked-out one' },
  ],
  examples: [
    'git session pattern record jwt.yaml',
    'git session pattern record --title "Rotate refresh tokens on use" --approach "Revoke the family on reuse" --applies-to "keep users logged in"',
    'git session pattern record --kind pitfall --title "Fake timers hang the pool" --lesson "Close the pool first" --key testing/fake-timers',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const actor = actorOf(call);
  const task = taskOf(call);
  const tags = parseTags(text(call, 'tags'));
  const here = await sessionHere(text(call, 'session'));
  const { id, key, change, record, alike } = await recordPattern(here, {
    fields: await givenFields(call),
    key: text(call, 'key'),
    ...{ tags, actor, task },
  });
  const { io } = call;
  io.json({ session: here.id, pattern_id: id, key, change, record: record.id, at: record.at, alike });
  io.say(`Recorded ${visible(key)} (${change})`);
  printAlike(io, key, alike);
  io.note('A person keeps or drops it at the closeout.');
}

async function givenFields(call: Call): Promise<PatternFields> {
  const over = Object.fromEntries(
    [
      ['pattern_id', text(call, 'id')],
      ['title', text(call, 'title')],
      ['kind', text(call, 'kind')],
      ['description', text(call, 'description')],
      ['approach', text(call, 'approach')],
      ['lessons_learned', listed(call, 'lesson')],
      ['applies_to', listed(call, 'appliesTo')],
    ].filter(([, value]) => value !== undefined),
  );
  const file = call.args[0];
  if (file !== undefined && flag(call, 'stdin'))
    throw usageError({ what: 'The pattern was given twice.', next: 'Name a file, or give --stdin.' });
  const { patternFromText, patternFromValue } = await import('../../lifecycle/patterns/text.ts');
  if (file !== undefined) return patternFromText(readText(file), file, over);
  if (flag(call, 'stdin')) return patternFromText(decode(readFileSync(0), 'Standard input'), 'standard input', over);
  if (Object.keys(over).length > 0) return patternFromValue(over);
  throw usageError({
    what: 'There is no pattern to record.',
    next: 'Name a file, give --stdin, or say it: git session pattern record --title "..." --approach "..."',
  });
}

function listed(call: Call, name: string): string[] | undefined {
  const list = texts(call, name);
  return list.length > 0 ? list : undefined;
}

function readText(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw stateError({ what: `There is no file ${oneLine(path)}.` });
  if (stat.size > 1024 * 1024)
    throw stateError({ what: `${oneLine(path)} is too large for a pattern.`, why: `It has ${stat.size} bytes.` });
  return decode(readFileSync(path), path);
}
