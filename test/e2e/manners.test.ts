/** Manners at a terminal and away from one: NO_COLOR, FORCE_COLOR, TERM=dumb, CI, pagers, widths, and progress for what takes longer than a second. */

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { pathWithSession } from '../support/git-session.ts';
import { atTerminal, programAtTerminal, type Terminal } from '../support/pty.ts';
import { CLI, makeRepo, type TestRepo as Repo, run } from '../support/repo.ts';

let open: Repo;
let attended: Repo;
let id: string;

beforeAll(async () => {
  ({ repo: open } = makeApprovedRepo());
  id = await makeSession(open);
  ({ repo: attended } = makeApprovedRepo('presence: terminal\n'));
  await makeSession(attended);
});

const ended = async (terminal: Terminal) => ({ code: await terminal.exit, text: terminal.text(), raw: terminal.raw() });
const COLOUR = '\u001b[';
/** However slow this machine is, no line of progress comes between. */
const STILL = { CI: 'true' };

describe('colour', () => {
  const shown = async (env: Record<string, string>) => (await ended(atTerminal(open.dir, ['status'], { NO_COLOR: '', ...env }))).raw;
  const refused = async (env: Record<string, string>) =>
    (await ended(atTerminal(open.dir, ['show', 'nothing'], { NO_COLOR: '', ...env }))).raw;

  test('at a terminal there is some, for errors too', async () => {
    expect(await shown({})).toContain(COLOUR);
    expect(await refused({})).toContain(`${COLOUR}31m`);
  });

  test.each([
    ['NO_COLOR, whatever it says', { NO_COLOR: '0' }],
    ['NO_COLOR over FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }],
    ['FORCE_COLOR=false', { FORCE_COLOR: 'false' }],
    ['TERM=dumb', { TERM: 'dumb' }],
  ])('none by %s', async (_, env) => {
    expect(await shown(env)).not.toContain(COLOUR);
    expect(await refused(env)).not.toContain(COLOUR);
  });

  test('in a pipe none, but for FORCE_COLOR; Node has nothing to add', async () => {
    const piped = (env: Record<string, string>) => open.ok(['list'], { env: { NO_COLOR: '', ...env } });
    expect((await piped({})).out).not.toContain(COLOUR);
    const forced = await piped({ FORCE_COLOR: '1' });
    expect([forced.out.includes(COLOUR), forced.err]).toEqual([true, '']);
    expect((await piped({ FORCE_COLOR: '1', NO_COLOR: '1' })).err).toBe('');
    // Never in facts.
    expect((await open.ok(['status', '--json'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } })).out).not.toContain(COLOUR);
  });
});

describe('CI: nobody is asked, a terminal or not; exit code 3, and nothing has changed', () => {
  const questions: [string, string[], () => Repo][] = [
    ['init', ['init', '--no-detect', '--no-approver'], () => makeRepo()],
    ['uninstall', ['uninstall'], () => copyOf(open)],
    ['undo', ['undo'], () => copyOf(open)],
    ['closeout', ['closeout'], () => copyOf(attended)],
    ['closeout that no person has to attend', ['closeout'], () => copyOf(open)],
    ['reject', ['reject', '--reason', 'no'], () => copyOf(attended)],
  ];

  test.each(questions)('%s', async (_, args, make) => {
    const repo = make();
    // What is written before anything is decided, as with any other answer.
    if (args[0] === 'closeout') await repo.session(args);
    const before = repo.snapshot();
    const asked = await ended(atTerminal(repo.dir, args, { CI: 'true' }));
    expect(asked.code).toBe(3);
    expect(asked.text.replaceAll(/\s+/g, ' ')).toContain('CI is set');
    // As most of them run it: no terminal at all.
    expect((await repo.session(args, { env: { CI: '1' } })).code).toBe(3);
    expect(repo.snapshot()).toBe(before);
  });

  test.each(['', '0', 'false'])('CI=%s is none', async (CI) => {
    const terminal = atTerminal(makeRepo().dir, ['init', '--no-detect', '--no-approver'], { CI });
    await terminal.waitFor('Accept? (yes/no)');
    terminal.type('no\r');
    expect(await terminal.exit).toBe(3);
  });
});

describe('pagers, as git has them', () => {
  const through = (env: Record<string, string>, args = ['show']) => ended(atTerminal(open.dir, args, { ...STILL, ...env }));
  const mark = (sign: string) => `sed 's/^/${sign} /'`;

  test('GIT_PAGER goes before core.pager, and that before PAGER', async () => {
    expect((await through({ PAGER: mark('P') })).text).toMatch(new RegExp(`^P ${id}`, 'm'));
    const repo = copyOf(open);
    repo.git('config', 'core.pager', mark('C'));
    const here = async (env: Record<string, string>) => (await ended(atTerminal(repo.dir, ['show'], { ...STILL, ...env }))).text;
    expect(await here({ PAGER: mark('P') })).toMatch(new RegExp(`^C ${id}`, 'm'));
    expect(await here({ PAGER: mark('P'), GIT_PAGER: mark('G') })).toMatch(new RegExp(`^G ${id}`, 'm'));
  });

  test('none by cat, nothing, --no-pager, --json, and in a pipe', async () => {
    for (const [args, env] of [
      [['show'], { GIT_PAGER: 'cat' }],
      [['show'], { GIT_PAGER: '' }],
      [['show', '--no-pager'], { GIT_PAGER: mark('G') }],
      [['show', '--json'], { GIT_PAGER: mark('G') }],
    ] as const) {
      const plain = await through(env, [...args]);
      expect(plain.code, args.join(' ')).toBe(0);
      expect(plain.text).toContain(id);
      expect(plain.text).not.toContain(`G ${id}`);
    }
    expect((await open.ok(['show'], { env: { GIT_PAGER: mark('G') } })).out).toMatch(new RegExp(`^${id}`));
  });

  test('through git: --no-pager, -c core.pager, pager.session and --paginate', async () => {
    const { PATH } = pathWithSession();
    const typed = async (args: string[], env = {}) => {
      const { code, text, raw } = await ended(programAtTerminal('git', args, open.dir, { PATH, NO_COLOR: '', ...STILL, ...env }));
      expect(code, args.join(' ')).toBe(0);
      return { text, raw };
    };
    expect((await typed(['--no-pager', 'session', 'show'], { GIT_PAGER: mark('G') })).text).toMatch(new RegExp(`^${id}`, 'm'));
    expect((await typed(['-c', `core.pager=${mark('C')}`, 'session', 'show'])).text).toMatch(new RegExp(`^C ${id}`, 'm'));
    expect((await typed(['-c', 'pager.session=false', 'session', 'show'], { GIT_PAGER: mark('G') })).text).not.toContain(`G ${id}`);
    // git pages it then, and what goes to a pager of git's has its colours.
    const paged = await typed(['--paginate', 'session', 'status'], { GIT_PAGER: mark('G') });
    expect(paged.text).toMatch(new RegExp(`^G ${id}`, 'm'));
    expect(paged.raw).toContain(`${COLOUR}1m${id}`);
  });

  test('LESS and LV as git sets them, where the person has not', async () => {
    const said = `cat >/dev/null; echo "LESS=$LESS LV=$LV"`;
    expect((await through({ GIT_PAGER: said })).text).toContain('LESS=FRX LV=-c');
    expect((await through({ GIT_PAGER: said, LESS: 'S', LV: '' })).text).toContain('LESS=S LV=\n');
  });

  test('left early, missing or failing: no error, and what there is to read is printed where nothing read it', async () => {
    const repo = copyOf(open);
    for (let n = 0; n < 40; n++) repo.write(`sessions/${id}/artifacts/notes/${'long-name-'.repeat(8)}${n}.md`, 'x\n');
    repo.commit(`notes\n\nSession-Id: ${id}`);
    const early = await ended(atTerminal(repo.dir, ['why', 'README.md'], { ...STILL, GIT_PAGER: 'head -c 1' }));
    expect([early.code, early.text.length]).toEqual([0, 1]);
    // More than a pipe holds.
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join('');
    repo.commit('long', { 'long.txt': lines });
    expect(await ended(atTerminal(repo.dir, ['show'], { ...STILL, GIT_PAGER: 'exec true' }))).toMatchObject({ code: 0, text: '' });
    const missing = await through({ GIT_PAGER: 'no-such-pager' });
    expect([missing.code, missing.text]).toEqual([0, expect.stringContaining(id)]);
    expect((await through({ GIT_PAGER: 'cat >/dev/null; exit 3' })).code).toBe(0);
  });
});

describe('widths', () => {
  test('a terminal that says it has no columns gets 80', async () => {
    const typed = `stty cols 0 rows 0; exec '${process.execPath}' '${CLI}' `;
    const { code, text } = await ended(programAtTerminal('sh', ['-c', `${typed}status`], open.dir, STILL));
    expect([code, text]).toEqual([0, expect.stringContaining('People can log in with a password')]);
    const help = await ended(programAtTerminal('sh', ['-c', `${typed}-h`], open.dir, STILL));
    expect([help.code, help.text]).toEqual([0, (await run(process.execPath, [CLI, '-h'])).out]);
    const empty = await ended(programAtTerminal('sh', ['-c', `${typed}list`], makeRepo().dir, STILL));
    expect(empty.text).toBe('No sessions yet. Start one with: git session start <topic>\n');
  });
});

describe('progress, for what takes longer than a second', () => {
  /** A git that waits, the first time that it is asked this, until the test lets it go on. */
  function held(question: string) {
    const { PATH, bin } = pathWithSession();
    const gate = join(bin, 'gate');
    execFileSync('mkfifo', [gate]);
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const script = `case " $* " in *'${question}'*) if mkdir '${gate}.once' 2>/dev/null; then read -r _ <'${gate}'; fi ;; esac`;
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\nexec '${git}' "$@"\n`);
    chmodSync(join(bin, 'git'), 0o755);
    return { env: { PATH }, go: () => writeFileSync(gate, 'go\n') };
  }

  test.each([
    ['list', ['list'], ' for-each-ref ', 'Reading the sessions of this clone…'],
    ['show', ['show', '--no-pager'], ' ls-tree ', 'Reading the session…'],
    ['gc', ['gc'], ' refs/git-session/trash/ ', 'Looking through the trash…'],
    ['start', ['start', 'another-topic', '--stack'], ' fast-import ', 'Starting the session…'],
    ['verify', ['verify', '--all'], ' for-each-ref ', 'Looking for the sessions of this clone…'],
  ])('%s says what goes on, and takes the line away', async (_, args, question, line) => {
    const { env, go } = held(question);
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, args, env);
    await terminal.shows(line);
    go();
    expect(await terminal.exit).toBe(0);
    expect(terminal.screen()).not.toContain(line);
  });

  test('CI, a dumb terminal and a pipe get none', async () => {
    const gates = [0, 1, 2, 3].map(() => held(' for-each-ref '));
    const at = (n: number, env = {}) => ({ ...gates[n]?.env, ...env });
    const quiet = [atTerminal(open.dir, ['list'], at(0, { CI: 'true' })), atTerminal(open.dir, ['list'], at(1, { TERM: 'dumb' }))];
    const piped = open.ok(['list'], { env: at(2) });
    // They began before this one, and are as slow.
    const told = atTerminal(open.dir, ['list'], at(3));
    await told.shows('Reading the sessions of this clone…');
    for (const { go } of gates) go();
    for (const terminal of quiet) {
      const { code, text } = await ended(terminal);
      expect([code, text.includes('Reading')]).toEqual([0, false]);
    }
    expect((await piped).err).toBe('');
    expect(await told.exit).toBe(0);
  });
});
