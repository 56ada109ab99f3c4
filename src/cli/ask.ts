/** Questions to the person at the terminal, one line each. */

import { createInterface } from 'node:readline/promises';
import { inCi } from '../core/ci.ts';
import { personError } from '../core/errors.ts';
import { folded } from './fold.ts';

/** Why nobody can be asked here, as a sentence; null where somebody can. */
export function nobodyToAsk(): string | null {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return 'There is no terminal to ask at.';
  return inCi(process.env) ? 'CI is set, so nobody is asked.' : null;
}

/** The answer, trimmed. Throws (exit 3) where the person ends the input. Questions go to stderr: stdout is for facts. */
async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let ended = () => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      ended = () => reject(personError({ what: 'Not answered, so nothing was changed.' }));
      lines.once('close', ended);
      lines.once('SIGINT', () => lines.close());
      lines.question(`${question} `).then((answer) => resolve(answer.trim()), reject);
    });
  } finally {
    // Ours alone: with readline's own it would go on echoing what the next question is answered.
    lines.off('close', ended);
    lines.close();
  }
}

/** Yes or no; asks again until it is one of them. */
export async function askYesNo(question: string): Promise<boolean> {
  for (;;) {
    const answer = (await askLine(`${question} (yes/no)`)).toLowerCase();
    if (answer === 'yes' || answer === 'y') return true;
    if (answer === 'no' || answer === 'n') return false;
    process.stderr.write('Please answer yes or no.\n');
  }
}

/** One of several answers, by its number; asks again until it is one. Returns its index. */
export async function askOne(question: string, answers: readonly string[]): Promise<number> {
  const shown = folded(answers.map((answer, i) => `  ${i + 1}. ${answer}`).join('\n'), process.stderr.columns || 80);
  for (;;) {
    const number = Number(await askLine(`${question}\n${shown}\n1-${answers.length}:`));
    if (Number.isInteger(number) && number >= 1 && number <= answers.length) return number - 1;
    process.stderr.write(`Please answer with a number from 1 to ${answers.length}.\n`);
  }
}
