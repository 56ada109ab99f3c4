import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call, CommandSpec } from '../../src/cli/command.ts';
import { buildParser } from '../../src/cli/parser.ts';
import { parsePlain } from '../../src/cli/plain-line.ts';
import { COMMANDS, loadCommand } from '../../src/cli/table.ts';

/** What commander makes of the line, or null where it refuses or shows help. */
async function byCommander(spec: CommandSpec, argv: string[]): Promise<Pick<Call, 'args' | 'options'> | null> {
  let call: Call | undefined;
  const parser = buildParser({
    ...spec,
    run: async (made) => {
      call = made;
    },
  });
  parser.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  await parser.parseAsync(argv, { from: 'user' }).catch(() => {});
  return call ? { args: call.args, options: { ...call.options } } : null;
}

const command = (name: string) => ({ name, summary: 's', run: async () => {} });
const SPEC: CommandSpec = {
  ...command('try'),
  args: [
    { spec: '<first>', description: '' },
    { spec: '[second]', description: '' },
  ],
  options: [
    { flags: '--one <value>', description: '' },
    { flags: '-n, --two-words <n>', description: '', default: '50' },
    { flags: '--flag', description: '' },
    { flags: '--kind <kind>', description: '', choices: ['a', 'b'] },
    { flags: '--may [be]', description: '' },
    { flags: '--again <x>', description: '', many: true },
  ],
  json: true,
};

test('whatever is read plainly is read as commander reads it, for every command', async () => {
  const specs = [SPEC, ...(await Promise.all([...COMMANDS.keys()].map(loadCommand)))];
  const words = ['k', 'a', '', '-', '--', '-n', '7', '--json', '--flag', '--nonsense', '--one=x', '-h', 'a b'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...specs), fc.infiniteStream(fc.nat()), fc.nat(6), async (spec, random, length) => {
      const names = (spec.options ?? []).flatMap((option) => /--[a-z-]+/.exec(option.flags) ?? []);
      const tokens = [...words, ...names, ...names];
      const argv = Array.from({ length }, () => tokens[random.next().value % tokens.length] ?? '');
      const plain = parsePlain(spec, argv);
      if (plain) expect(plain).toEqual(await byCommander(spec, argv));
    }),
    { numRuns: 600 },
  );
});

test.each([
  [['k']],
  [['k', 'v', '--one', 'x', '--flag', '--json']],
  [['--two-words', '7', 'k']],
  [['k', '--kind', 'a', '--', '-v']],
  [['k', '']],
])('%j is plain', async (argv) => {
  expect(parsePlain(SPEC, argv)).toEqual(await byCommander(SPEC, argv));
});

test.each([
  [[]],
  [['a', 'b', 'c']],
  [['k', '--kind', 'c']],
  [['k', '--one']],
  [['k', '--one', '--flag']],
  [['k', '--may']],
  [['k', '-n', '1']],
])('%j is left to commander', (argv) => {
  expect(parsePlain(SPEC, argv)).toBeNull();
});
