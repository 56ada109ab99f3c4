/** The closeout at a real pseudo-terminal: a person approves, sends back, or leaves; then git is asked what it holds. */

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession, signWith, verifies } from '../support/approved-repo.ts';
import { checkScreen } from '../support/docs.ts';
import { atTerminal, programAtTerminal, type Terminal } from '../support/pty.ts';
import { ROOT, type TestRepo, tempDir } from '../support/repo.ts';

let open: TestRepo;
let id: string;
/** Its one check waits for a file, and prints. */
let slow: TestRepo;
let slowId: string;
const gate = () => join(tempDir('gs-gate-'), 'open');

beforeAll(async () => {
  open = makeApprovedRepo('presence: terminal\nchecks:\n  list:\n    - { name: test, run: node -e 0 }\n').repo;
  id = await makeSession(open);
  slow = makeApprovedRepo(
    'presence: terminal\nchecks:\n  list:\n    - { name: gated, run: "echo started; until test -e $GATE; do sleep 0.1; done; echo through; test -s $GATE", required: false, env: [GATE] }\n',
  ).repo;
  slowId = await makeSession(slow);
});

/** Up to where it can be decided. */
async function ready(repo: TestRepo, ...args: string[]): Promise<Terminal> {
  const terminal = atTerminal(repo.dir, ['closeout', ...args]);
  await terminal.shows(' a approve');
  return terminal;
}

const landed = (repo: TestRepo, session = id) => {
  expect(verifies(repo, 'commit', 'main') && verifies(repo, 'tag', `backup/${session}`)).toBe(true);
  expect(repo.git('status', '--porcelain')).toBe('');
};

const readTag = (repo: TestRepo, path: string) => repo.git('show', `backup/${id}:${path}`);

describe('at a terminal', () => {
  test('opens with the goal as the documentation shows it, yes approves, the session lands, and the terminal is as it was', async () => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout'], {}, { columns: 80, rows: 20 });
    await terminal.shows('Closeout of login-form');
    await terminal.shows('People can log in with a password');
    await terminal.shows(' a approve');
    expect(terminal.onAlternate()).toBe(true);
    checkScreen('docs/review.md', 'summary', terminal.screen());
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor(`${id} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.onAlternate()).toBe(false);
    expect(terminal.text()).not.toContain('nattended');
    landed(repo);
  });

  test('a reason at a line of a diff, and one typed, send it back; the next review shows what changed since', async () => {
    const repo = copyOf(open);
    const before = repo.snapshot();
    const terminal = await ready(repo);
    await terminal.press('3', '[3 Files]');
    terminal.type('jjjjjj\r');
    await terminal.shows('README.md                 ');
    await terminal.shows(/\+Now with a login\./);
    terminal.type('G');
    await terminal.press('c', '> README.md:3: ');
    await terminal.press('says too little\r', 'Noted (1 note)');
    await terminal.press('q', 'r send back');
    await terminal.press('r', 'Another reason');
    await terminal.press('No logout\r', '- No logout');
    terminal.type('\r');
    await terminal.waitFor(`${id} is active again.`);
    expect(await terminal.exit).toBe(3);
    expect(repo.snapshot()).toBe(before);
    expect((await repo.json(['show', id])).session.state).toBe('active');
    expect((await repo.json(['status'])).rejection.reasons).toEqual([
      { text: 'says too little', path: 'README.md', line: 3 },
      { text: 'No logout', path: null, line: null },
    ]);

    repo.commit(`more\n\nSession-Id: ${id}`, { 'README.md': '# demo\n\nNow with a login, and a logout.\n' });
    const next = await ready(repo);
    next.type('G');
    await next.shows('README.md:3: says too little');
    await next.press('3s', 'Only what changed since the review that was sent back');
    expect(next.screen()).not.toContain('login.js');
    await next.press('\r', '+Now with a login, and a logout.');
    expect(next.screen()).toContain('-Now with a login.');
    next.type('\u0003');
    expect(await next.exit).toBe(3);
  });

  test('leaving decides nothing', async () => {
    const repo = copyOf(open);
    const before = repo.snapshot();
    const terminal = await ready(repo);
    terminal.type('q');
    await terminal.waitFor('The session stays in review.');
    expect(await terminal.exit).toBe(3);
    expect(repo.snapshot()).toBe(before);
    expect((await repo.json(['show', id])).session.state).toBe('review');
  });

  test('a pattern is dropped, another edited, and the summary too: what is sealed says so, and verifies', async () => {
    const repo = copyOf(open);
    await repo.ok(['memory', 'store', 'pattern/auth/bad', '{"approach":"guess"}']);
    const editor = join(tempDir(), 'editor');
    writeFileSync(
      editor,
      '#!/bin/sh\ncase "$1" in *.json) sed -i s/one/ONE/ "$1";; *) sed -i "s/^.*Recommendation.*$/**Recommendation**: Keep an eye on it/" "$1";; esac\n',
    );
    chmodSync(editor, 0o755);
    repo.git('config', 'core.editor', `'${editor}'`);
    const terminal = await ready(repo);
    await terminal.press('5', '[kept]    guess');
    await terminal.press('d', '[dropped] guess');
    await terminal.press('je', 'ONE form, edited by the approver');
    await terminal.press('1', '[1 Summary]');
    await terminal.press('e', 'edited by you; the seal marks it so');
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor('has landed on main');
    expect(await terminal.exit).toBe(0);
    landed(repo);
    const summary = readTag(repo, `sessions/${id}/session-summary.md`);
    expect(summary).toMatch(/^## Session Summary: login-form\n\n\*Edited by hand at the review\./);
    expect(summary).toContain('**Recommendation**: Keep an eye on it');
    expect(summary).toContain('- dropped: guess');
    const backup = JSON.parse(readTag(repo, `.swarm/backups/${id}.json`));
    expect(backup.dropped_patterns).toEqual(['pattern/auth/bad']);
    expect(backup.learned_patterns).toMatchObject([{ key: 'pattern/auth/form', edited: true }]);
    // Figures that the person left are those of the seal.
    expect(summary).toContain(`**Duration**: ${backup.duration_minutes} `);
    await repo.ok(['verify', id]);
    const show = repo.git('show', '--stat=200', '--format=', `backup/${id}^{}`);
    expect(show).not.toContain('artifacts/');
  });

  test('it fills in while checks run; a check that failed is run again, and the approval rests on its new result', async () => {
    const repo = copyOf(slow);
    const gatePath = gate();
    const terminal = atTerminal(repo.dir, ['closeout'], { GATE: gatePath });
    await terminal.shows('checking');
    await terminal.press('6', /● gated.*running/);
    await terminal.shows('│ started');
    await terminal.press('a', 'Checks still run: it can be decided when all is there.');
    writeFileSync(gatePath, '');
    await terminal.shows(/✗ gated.*failed/);
    terminal.type('G');
    await terminal.press('\r', 'Output of gated');
    await terminal.shows('through');
    writeFileSync(gatePath, 'yes');
    await terminal.press('\u001b', ' t run again');
    terminal.type('G');
    await terminal.press('t', 'An earlier run on this tree did not pass.');
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor('has landed on main');
    expect(await terminal.exit).toBe(0);
    expect(repo.git('cat-file', 'tag', `backup/${slowId}`)).toContain('An earlier run on this tree did not pass.');
    await repo.ok(['verify', slowId]);
  });

  test.each([
    ['Ctrl-C', 'keys', 3],
    ['SIGTERM', 'SIGTERM', 143],
    ['the terminal is closed', 'hangUp', 129],
  ] as const)('%s while a check runs: nothing is decided, no process and no folder is left', async (_, how, code) => {
    const repo = copyOf(slow);
    const before = repo.snapshot();
    const gatePath = gate();
    const terminal = atTerminal(repo.dir, ['closeout'], { GATE: gatePath });
    await terminal.shows('checking');
    await terminal.press('6', '│ started');
    if (how === 'keys') terminal.type('\u0003');
    else if (how === 'hangUp') terminal.hangUp();
    else terminal.signal(how);
    expect(await terminal.exit).toBe(code);
    if (how === 'keys') {
      expect(terminal.text()).toContain('Nothing was decided. The session stays active.');
      expect(terminal.onAlternate()).toBe(false);
    } else if (how === 'SIGTERM') expect(terminal.onAlternate()).toBe(false);
    expect(repo.snapshot()).toBe(before);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(gatePath);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect((await repo.json(['show', slowId])).session.state).toBe('active');
  });

  test('SIGTERM at the question ends it, the terminal is given back, and nothing is decided', async () => {
    const repo = copyOf(open);
    const before = repo.snapshot();
    const terminal = await ready(repo);
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.signal('SIGTERM');
    expect(await terminal.exit).toBe(143);
    expect(terminal.onAlternate()).toBe(false);
    expect(repo.snapshot()).toBe(before);
  });

  test('another size: everything is drawn anew, down to 60 columns and 20 lines', async () => {
    const repo = copyOf(open);
    const terminal = await ready(repo);
    await terminal.press('7', '[7 Landing]');
    for (const [columns, rows] of [
      [60, 20],
      [140, 40],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      const tabs = columns === 60 ? ' 1  2  3  4  5  6 \\[7 Landing\\]' : ' 1 Summary  2 Agents [^\\n]*';
      // Header, tabs, rule, list, rule and footer: every row of the window but the last, nothing twice.
      const whole = `^ Closeout of login-form [^\\n]*\\n${tabs} *\\n─{${columns}}\\n([^\\n]*\\n){${rows - 6}}─[^\\n]*\\n a approve[^\\n]*$`;
      await terminal.shows(new RegExp(whole));
    }
    terminal.type('q');
    expect(await terminal.exit).toBe(3);
  });

  test('2,000 artifacts, and a diff of 50,000 lines of which only what is seen is read', async () => {
    const repo = copyOf(open);
    const at = `sessions/${id}/artifacts`;
    const files: Record<string, string> = {};
    for (let n = 0; n < 2000; n++) files[`${at}/code/part${n % 40}/file${n}.js`] = `export const n = ${n};\n`;
    files[`${at}/docs/big.md`] = Array.from({ length: 50_000 }, (_, n) => `line ${n}`).join('\n');
    repo.commit(`many\n\nSession-Id: ${id}`, files);
    const terminal = await ready(repo);
    await terminal.press('3', '2004 files');
    terminal.type('G');
    await terminal.shows('README.md');
    // From README.md up: a test, its folder, docs/big.md.
    terminal.type('kkk\r');
    await terminal.shows('+line 20');
    const known = Number(/line 1 of (\d+)\+/.exec(terminal.screen())?.[1]);
    expect(known).toBeGreaterThan(30);
    expect(known).toBeLessThan(20_000);
    await terminal.press('G', '+line 49999');
    expect(terminal.screen()).toContain('line 50007 of 50007');
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(3);
  });

  test('a passphrase that is not accepted is asked for once more, and nothing is called approved before', async () => {
    const repo = copyOf(open);
    const key = join(tempDir(), 'key');
    cpSync(repo.git('config', 'user.signingKey'), key);
    cpSync(`${repo.git('config', 'user.signingKey')}.pub`, `${key}.pub`);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'sesame', '-f', key]);
    signWith(repo, key);
    const terminal = atTerminal(repo.dir, ['closeout'], { SSH_AUTH_SOCK: '', SSH_ASKPASS_REQUIRE: 'never' });
    await terminal.shows(' a approve');
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor('Signing');
    await terminal.waitFor(/to\s+sign\s+the\s+merge\s+commit\s+\(1\s+of\s+2\)\./);
    await terminal.waitFor(/Enter passphrase.*: /);
    expect(terminal.onAlternate()).toBe(false);
    terminal.type('wrong\r');
    await terminal.waitFor('The passphrase was not accepted. One more try:');
    expect(terminal.screen()).not.toMatch(/approved/i);
    await terminal.waitFor(/Enter passphrase.*: /);
    terminal.type('sesame\r');
    await terminal.waitFor(/to\s+sign\s+the\s+tag\s+backup\/\S+\s+\(2\s+of\s+2\)\./);
    await terminal.waitFor(/Enter passphrase.*: /);
    terminal.type('sesame\r');
    await terminal.waitFor(`${id} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
  });

  test('by pull request: closeout seals, and approve shows what is sealed and signs it', async () => {
    const { repo } = makeApprovedRepo('presence: terminal\nland: { by: pr }\n');
    const sealed = await makeSession(repo);
    const terminal = await ready(repo);
    await terminal.press('7', 'stays; the forge merges it');
    await terminal.press('a', 'yes seals it for review by pull request, and signs nothing');
    terminal.type('yes\r');
    await terminal.waitFor(`${sealed} is sealed.`);
    expect(await terminal.exit).toBe(0);
    expect(repo.git('tag')).toBe('');
    const approve = atTerminal(repo.dir, ['approve']);
    await approve.shows(/sealed {2}checks/);
    await approve.press('5d', 'It is sealed: nothing can be dropped or edited.');
    await approve.press('7', `backup/${sealed} is made, on the seal`);
    await approve.press('a', 'yes approves and signs');
    approve.type('yes\r');
    await approve.waitFor(`${sealed} is approved: backup/${sealed}.`);
    expect(await approve.exit).toBe(0);
    expect(verifies(repo, 'tag', `backup/${sealed}`)).toBe(true);
  });

  test('where base moves meanwhile it is asked again, and says why; what was dropped stays dropped', async () => {
    const { repo } = makeApprovedRepo('presence: terminal\nbase_moved: ask\n');
    const moved = await makeSession(repo);
    const terminal = await ready(repo);
    await terminal.press('5d', '[dropped] one form');
    await terminal.press('a', 'Approve closeout? (yes/no)');
    const other = repo.git('commit-tree', '-m', 'other', '-p', 'main', 'main^{tree}');
    repo.git('update-ref', 'refs/heads/main', other);
    terminal.type('yes\r');
    await terminal.waitFor('Signing');
    await terminal.shows('[dropped] one form');
    await terminal.press('1', 'asked again: main has moved since you looked.');
    expect(repo.git('rev-parse', 'main')).toBe(other);
    await terminal.press('a', 'Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor(`${moved} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
    expect(repo.git('rev-parse', 'main^1')).toBe(other);
    landed(repo, moved);
  });

  test('a crash gives the terminal back before it tells why', async () => {
    const bundle = join(tempDir(), 'crash.mjs');
    await build({
      stdin: {
        contents: `import { openWindow } from './src/tui/window.ts';
          openWindow({ onResize() {}, onGone() {}, onEnd() {} });
          setTimeout(() => { throw new Error('something broke'); }, 50);`,
        resolveDir: ROOT,
      },
      ...{ bundle: true, platform: 'node', format: 'esm', outfile: bundle },
    });
    const terminal = programAtTerminal(process.execPath, [bundle], ROOT);
    expect(await terminal.exit).not.toBe(0);
    expect(terminal.onAlternate()).toBe(false);
    expect(terminal.screen()).toContain('something broke');
  });

  test('a required check that failed: there is no question, and leaving says so once', async () => {
    const { repo } = makeApprovedRepo(
      'presence: terminal\nchecks:\n  list:\n    - { name: never, run: "echo it is broken; exit 1", required: true }\n',
    );
    await makeSession(repo);
    const terminal = await ready(repo);
    await terminal.shows('required check never has not passed');
    await terminal.press('a', 'It cannot be approved: never must pass first.');
    await terminal.press('6G', '│ it is broken');
    terminal.type('q');
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).not.toContain('Approve closeout?');
    expect(terminal.text().match(/Nothing was decided/g)).toHaveLength(1);
  });

  test('in an agent\u2019s environment nobody is asked', async () => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout'], { AI_AGENT: 'claude-code' });
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('Closeout of login-form');
    expect(terminal.text()).toContain('A person decides this');
    expect(repo.git('tag')).toBe('');
  });
});

describe('in plain lines', () => {
  test.each([
    [['--plain'], {}],
    [[], { TERM: 'dumb' }],
    [[], { INK_SCREEN_READER: 'true' }],
  ])('closeout %j %j gives the same facts and questions, and no cursor is moved', async (args, env) => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout', ...args], { NO_COLOR: '1', ...(env as Record<string, string>) });
    await terminal.waitFor('1 Summary');
    for (const heading of ['2 Agents', '3 Files', '4 Memory', '5 Patterns', '6 Checks', '7 Landing']) await terminal.waitFor(heading);
    await terminal.waitFor('Approve closeout? (yes/no)');
    expect(terminal.onAlternate()).toBe(false);
    terminal.type('diff README.md\r');
    await terminal.waitFor('+Now with a login.');
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('drop auth/form\r');
    await terminal.waitFor('pattern/auth/form is dropped.');
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor(`${id} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
    landed(repo);
    expect(JSON.parse(readTag(repo, `.swarm/backups/${id}.json`)).dropped_patterns).toEqual(['pattern/auth/form']);
  });

  test('no asks for reasons; Ctrl-C leaves', async () => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout', '--plain']);
    await terminal.waitFor('Approve closeout? (yes/no), or leave');
    terminal.type('show 9\r');
    await terminal.waitFor('There is no screen 9: show takes 1 Summary, 2 Agents,');
    terminal.type('no\r');
    await terminal.waitFor('What has to change?');
    terminal.type('README.md:3: says too little\r');
    await terminal.waitFor('Another reason');
    terminal.type('\r');
    await terminal.waitFor(`${id} is active again.`);
    expect(await terminal.exit).toBe(3);
    repo.commit(`more\n\nSession-Id: ${id}`, { 'README.md': '# demo\n\nNow with a login, and a logout.\n' });
    const next = atTerminal(repo.dir, ['closeout', '--plain']);
    await next.waitFor('since shows only these.');
    await next.waitFor('Approve closeout? (yes/no)');
    next.type('since README.md\r');
    await next.waitFor('-Now with a login.');
    await next.waitFor('+Now with a login, and a logout.');
    next.type('\u0003');
    await next.waitFor('Nothing was decided.');
    expect(await next.exit).toBe(3);
  });
});
