/** What can be typed beside an answer, where there is no screen. Pure. */

export interface PlainCommand {
  name: 'show' | 'since' | 'diff' | 'output' | 'again' | 'drop' | 'keep' | 'edit' | 'help';
  argument: string;
}

export const COMMANDS =
  'Beside an answer you can type: show, show <1-7>, since, since <path>, diff <path>, output <check>, again <check>, drop <pattern>, keep <pattern>, edit, edit <pattern>, help.';

/** The command that a line is, or null where it is an answer. */
export function parseCommand(line: string): PlainCommand | null {
  const match = /^(show|since|diff|output|again|drop|keep|edit|help)(?:\s+(.*))?$/.exec(line.trim());
  if (!match) return null;
  const name = match[1] as PlainCommand['name'];
  const argument = (match[2] ?? '').trim();
  if (name === 'help') return argument === '' ? { name, argument } : null;
  if (name === 'edit' || name === 'since') return { name, argument };
  // Words behind it are an answer: a reason may begin so.
  if (name === 'show') return /^\d*$/.test(argument) ? { name, argument } : null;
  return argument === '' ? null : { name, argument };
}
