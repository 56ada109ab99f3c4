/** Files that the command line of a check names, as far as its words tell. Pure. */

import { globMatcher } from '../routing/glob.ts';

/** What may be left out at the end of a program's name. */
const ENDINGS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'sh', 'py']
  .flatMap((ending) => [`.${ending}`, `/index.${ending}`])
  .concat('/__main__.py');

/** What these are given are the files that they judge, not what they run. */
const JUDGES =
  /^(?:biome|black|cspell|eslint|flake8|gofmt|golangci-lint|jshint|markdownlint(?:-cli2?)?|mypy|oxlint|prettier|pylint|rubocop|ruff|shellcheck|standard|stylelint|tsc|xo)$/;

/**
 * Whether words of `commands`, as seen from `folder` (relative to the top; "." for the top itself), name a path: as it is, or without its ending.
 * Words of `run`, the lines that the check runs for certain, may also name it by a glob, unless a linter is given it.
 */
export function namedBy(commands: readonly string[], run: readonly string[], folder: string): (path: string) => boolean {
  const named = new Set<string>();
  for (const word of commands.flatMap((command) => command.split(/[\s'"`;|&()<>=,]+/))) {
    const path = isPath(word) ? pathOf(word, folder) : '';
    if (path === '') continue;
    for (const ending of ['', ...ENDINGS]) named.add(path + ending);
  }
  const globs = run.flatMap((line) => globsOf(line)).map((word) => pathOf(word, folder));
  const matches = globMatcher(globs.filter((glob) => !/^[*/]*$/.test(glob)));
  return (path) => named.has(path) || matches(path);
}

/** Words with wildcards, command by command. */
function globsOf(line: string): string[] {
  return line.split(/[;|&()\n]+/).flatMap((command) => {
    const words = command.split(/[\s'"`<>=]+/).filter(Boolean);
    if (words.some((word) => JUDGES.test(word))) return [];
    return words.filter((word) => isPath(word) && /[*?[{]/.test(word) && !word.includes('$'));
  });
}

const isPath = (word: string) => word !== '' && !word.startsWith('-') && !word.startsWith('/');

function pathOf(word: string, folder: string): string {
  const steps: string[] = [];
  for (const step of `${folder}/${word}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
