/** A command's declaration as a commander parser. Help text, unknown flags and missing words are commander's. */

import { Command, Option } from 'commander';
import type { CommandSpec } from './command.ts';
import { makeIo } from './io.ts';
import { endWithReader, output } from './output.ts';

export function buildParser(spec: CommandSpec): Command {
  const command = new Command(`git session ${spec.name}`);
  command.description(spec.details ? `${spec.summary}.\n\n${spec.details}` : `${spec.summary}.`);
  command.helpOption('-h, --help', 'show this help').exitOverride().showSuggestionAfterError(true);
  // Through our own doors: a reader of the help that goes away is no failure.
  command.configureOutput({ writeOut: (text) => output(1).write(text), writeErr: (text) => output(2).write(text) });
  for (const arg of spec.args ?? []) command.argument(arg.spec, arg.description);
  for (const spec_ of spec.options ?? []) {
    const option = new Option(spec_.flags, spec_.description);
    if (spec_.choices) option.choices(spec_.choices);
    if (spec_.default !== undefined) option.default(spec_.default);
    if (spec_.many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  if (spec.json) command.option('--json', 'print the facts as JSON on stdout');
  command.showHelpAfterError(`usage: ${command.name()} ${command.usage()}\nnext: ${command.name()} --help`);
  if (spec.examples) command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
  command.action(async () => {
    const options = command.opts();
    const args = command.processedArgs.flat().filter((arg): arg is string => arg !== undefined);
    const call = { io: makeIo(options.json === true), args, options };
    if (spec.follows?.(call)) endWithReader();
    await spec.run(call);
  });
  return command;
}

/** Commander's guess at what was meant by a word that is none of these: "Did you mean status?"; null where none is near. */
export function didYouMean(word: string, names: readonly string[]): string | null {
  let said = '';
  const program = new Command().exitOverride().helpOption(false).helpCommand(false).showSuggestionAfterError(true);
  program.configureOutput({
    writeErr: (text) => {
      said += text;
    },
  });
  for (const name of names) program.command(name);
  try {
    program.parse(['--', word], { from: 'user' });
  } catch {
    // It always ends so: the word is no command.
  }
  return /\((Did you mean [^()]*\?)\)/.exec(said)?.[1] ?? null;
}
