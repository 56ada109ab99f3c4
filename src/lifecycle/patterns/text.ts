/** A pattern as text (JSON, YAML, or Markdown with front matter) or as a value: checked, errors with line and column. Import it lazily. */

import { stateError } from '../../core/errors.ts';
import type { PatternFields } from '../../core/pattern/pattern.ts';
import { asObject } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { mistakesIn, readYaml } from '../../trust/yaml-text.ts';
import { fieldsOf, patternKeys, patternSchema } from './schema.ts';

const MAX_BYTES = 64 * 1024;
const MAX_SHOWN = 8;

/** What a pattern says that is written as text; JSON is YAML too. `name` is what errors call it; `over`: fields that replace the text's. */
export function patternFromText(text: string, name: string, over: Record<string, unknown> = {}): PatternFields {
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalid(name, [`it is larger than ${MAX_BYTES / 1024} KB`]);
  const markdown = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)([\s\S]*)$/m.exec(text);
  if (!markdown && /\.(md|markdown)$/i.test(name)) throw noFrontMatter(name);
  // The line of the fence stays, empty, so that the numbers of lines are the file's.
  const yaml = readYaml(markdown ? `\n${markdown[1]}` : text, name);
  const given = 'broken' in yaml ? null : asObject(yaml.value ?? {});
  // On standard input nothing else shows that it is Markdown.
  if (!given && !markdown && /^\s*#{1,6}[ \t]/.test(text)) throw noFrontMatter(name);
  if ('broken' in yaml) throw invalid(name, yaml.broken);
  if (!given) throw invalid(name, [`${name}:1:1: it must be a mapping of fields to values`]);
  const body = markdown ? fromBody(markdown[2] ?? '', given, name) : {};
  const result = patternSchema.safeParse({ ...given, ...body, ...over });
  if (result.success) return fieldsOf(result.data);
  throw invalid(name, yaml.mistakes(result.error.issues, { knownKeys: patternKeys }));
}

/** What a pattern says that is at hand as a value. Throws (exit 1) with every mistake. */
export function patternFromValue(value: unknown): PatternFields {
  const result = patternSchema.safeParse(value);
  if (result.success) return fieldsOf(result.data);
  const mistakes = mistakesIn(result.error.issues, { knownKeys: patternKeys, whole: 'the pattern' });
  throw invalid(
    'This',
    mistakes.map(({ what }) => what),
  );
}

/** The text below the front matter: a first heading is the title, the rest the approach, or the description where that is given. */
function fromBody(body: string, given: Record<string, unknown>, name: string): Record<string, string> {
  const [, heading = '', rest = ''] = /^\s*(?:#[ \t]+([^\n]+)\n?)?([\s\S]*)$/.exec(body) ?? [];
  const found: Record<string, string> = {};
  if (heading.trim() !== '' && given.title === undefined) found.title = heading.trim();
  const text = rest.trim();
  if (text === '') return found;
  const field = ['approach', 'description'].find((candidate) => given[candidate] === undefined);
  if (!field) throw invalid(name, ['the front matter has both an approach and a description, so the text below it has no field']);
  return { ...found, [field]: text };
}

function noFrontMatter(name: string) {
  return stateError({
    what: `${oneLine(name)} is Markdown without front matter, so nothing was recorded.`,
    why: 'The fields of a pattern stand above its text, between two lines of three dashes.',
    next: 'Begin it with:\n---\nkind: strategy\napplies_to: [a task that it fits]\n---\nThe first heading below is the title, the text the approach.',
  });
}

function invalid(name: string, mistakes: string[]) {
  const more = mistakes.length > MAX_SHOWN ? [`and ${mistakes.length - MAX_SHOWN} more`] : [];
  return stateError({
    what: `${oneLine(name)} is no pattern that can be recorded, so nothing was.`,
    why: [...mistakes.slice(0, MAX_SHOWN), ...more].join('\n'),
    next: 'Correct that. The fields are listed by: git session pattern record --help\nWhatever else belongs to it goes into implementation or code_snippets, which take any JSON.',
  });
}
