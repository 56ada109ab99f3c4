/** A command line that leaves nothing to ask, read without loading commander (5 ms): words, `--name value`, `--flag`, `--`. */

import type { Call, CommandSpec } from './command.ts';

type Plain = Pick<Call, 'args' | 'options'>;

/**
 * Arguments and options as commander would give them, or null where the line needs commander: help, short and joined forms, repeated
 * or optional values, commands with a `--no-` option, and whatever is wrong.
 */
export function parsePlain(spec: CommandSpec, argv: readonly string[]): Plain | null {
  const declared = spec.options ?? [];
  if (declared.some((option) => option.flags.includes('--no-'))) return null;
  const known = new Map(declared.flatMap((option) => plainOption(option.flags, option)));
  if (spec.json) known.set('json', {});
  const options: Call['options'] = {};
  for (const { flags, default: value } of declared) {
    const name = /--([a-z-]+)/.exec(flags)?.[1];
    if (name && value !== undefined) options[camel(name)] = value as string | boolean;
  }
  const args: string[] = [];
  const given = new Set<string>();
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      args.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const name = word.slice(2);
    const option = word.startsWith('--') ? known.get(name) : undefined;
    const value = option?.takes ? argv[++i] : true;
    if (!option || given.has(name) || value === undefined || (typeof value === 'string' && value.startsWith('-'))) return null;
    if (option.choices && !option.choices.includes(String(value))) return null;
    given.add(name);
    options[camel(name)] = value;
  }
  return fits(spec, args.length) ? { args, options } : null;
}

interface PlainOption {
  takes?: boolean;
  choices?: string[] | undefined;
}

/** `--name` or `--name <value>`, with or without a short form in front; none for other forms. */
function plainOption(flags: string, { many, choices }: { many?: boolean; choices?: string[] }): [string, PlainOption][] {
  const match = /^(?:-\w, )?--([a-z-]+)( <[^>]+>)?$/.exec(flags);
  return match?.[1] && !many ? [[match[1], { takes: match[2] !== undefined, choices }]] : [];
}

/** Enough words and not too many, for arguments declared as `<one>`, `[one]` and `[more...]`. */
function fits(spec: CommandSpec, count: number): boolean {
  const specs = (spec.args ?? []).map((arg) => arg.spec);
  const least = specs.filter((arg) => arg.startsWith('<')).length;
  const most = specs.some((arg) => arg.includes('...')) ? Number.POSITIVE_INFINITY : specs.length;
  return count >= least && count <= most;
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
