/** What can be completed, from the command table: commands, their options, and what kind of word comes where. */

import { POLICY_KEYS } from '../../core/policy/keys.ts';
import { SESSION_STATES } from '../../core/session/transitions.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import { COMMANDS, GROUPS, loadCommand } from '../table.ts';

/** Words of a list, or what the shell looks up: sessions and branches from git's refs, files from the disk. `none`: anybody's own words. */
export type Words = { kind: 'session' | 'branch' | 'file' | 'none' } | { kind: 'list'; words: readonly string[] };

export interface OptionModel {
  /** `--base`, and `-n` where there is one. */
  long: string;
  short: string | null;
  about: string;
  /** Null for a flag. */
  value: Words | null;
  many: boolean;
}

export interface CommandModel {
  /** As typed, `memory store` for one of a group. */
  name: string;
  about: string;
  options: OptionModel[];
  /** What its arguments are. */
  args: Words;
}

export interface Model {
  commands: CommandModel[];
  groups: { name: string; about: string }[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export async function completionModel(): Promise<Model> {
  const commands = await Promise.all([...COMMANDS.keys()].map(async (name) => commandModel(await loadCommand(name))));
  return { commands, groups: [...GROUPS].map(([name, about]) => ({ name, about })) };
}

function commandModel(spec: CommandSpec): CommandModel {
  const json = spec.json ? [flagModel('--json', 'print the facts as JSON on stdout')] : [];
  return {
    name: spec.name,
    about: spec.summary,
    options: [...(spec.options ?? []).map(optionModel), ...json, flagModel('--help', 'show help')],
    args: wordsOf(spec.name, (spec.args?.[0]?.spec ?? '').replace(/[<>[\].]/g, '')),
  };
}

function flagModel(long: string, about: string): OptionModel {
  return { long, short: null, about, value: null, many: false };
}

function optionModel({ flags, description, choices, many }: OptionSpec): OptionModel {
  const [, short = null, long = '', value] = /^(?:(-\w), )?(--[a-z-]+)(?: <([^>]+)>)?/.exec(flags) ?? [];
  const words: Words | null = value === undefined ? null : choices ? { kind: 'list', words: choices } : wordsOf(long.slice(2), value);
  return { long, short, about: description, value: words, many: many === true };
}

/** By the name of a placeholder, and of the command or option that has it. */
function wordsOf(owner: string, placeholder: string): Words {
  if (placeholder === 'session' || owner === 'session') return { kind: 'session' };
  if (placeholder === 'branch') return { kind: 'branch' };
  if (/^(path|file|artifact)\b/.test(placeholder)) return { kind: 'file' };
  if (placeholder === 'state') return { kind: 'list', words: SESSION_STATES };
  if (placeholder === 'setting') return { kind: 'list', words: POLICY_KEYS };
  if (placeholder === 'shell') return { kind: 'list', words: SHELLS };
  return { kind: 'none' };
}

/** A string that a POSIX shell (and zsh) reads as it is. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
