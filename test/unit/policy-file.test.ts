import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { parsePolicy } from '../../src/trust/policy-file.ts';
import { editPolicyText } from '../../src/trust/policy-text.ts';
import { closest } from '../../src/trust/yaml-text.ts';
import { ROOT } from '../support/repo.ts';

const NAME = '.sessionrc.yaml';
const template = readFileSync(join(ROOT, 'templates/sessionrc.yaml'), 'utf8');
const parse = (text: string) => parsePolicy(text, NAME);

function mistakes(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'state', message: `${NAME} is not a valid policy.` });
    return (error as { why: string }).why.split('\n').map((line) => line.replace(`${NAME}:`, ''));
  }
  return [];
}

describe('a policy file', () => {
  test('empty and the template are the defaults; this repository\u2019s own is valid', () => {
    expect(parse('')).toEqual(DEFAULT_POLICY);
    expect(parse('# nothing\n')).toEqual(DEFAULT_POLICY);
    expect(parse(template)).toEqual(DEFAULT_POLICY);
  });

  test('the template explains every key', () => {
    const keys = (value: object): string[] =>
      Object.entries(value).flatMap(([key, inner]) => [
        key,
        ...(inner && typeof inner === 'object' && !Array.isArray(inner) ? keys(inner) : []),
      ]);
    for (const key of keys(DEFAULT_POLICY)) expect(template, key).toMatch(new RegExp(`^\\s*${key}:`, 'm'));
  });

  test('short forms, and a check\u2019s defaults', () => {
    const policy = parse(
      'land: pr\nbranch: keep\nchecks:\n  - name: test\n    run: npm test\nmemory:\n  namespaces:\n    design: project\n',
    );
    expect(policy.land).toEqual({ by: 'pr', artifacts: 'keep' });
    expect(policy.branch).toEqual({ prefix: 'session/', after_landing: 'keep' });
    expect(policy.checks.list).toEqual([
      {
        name: 'test',
        run: 'npm test',
        cwd: '.',
        timeout_minutes: 10,
        required: true,
        paths: [],
        env: [],
        reports: [],
        inputs: [],
        reuse: false,
        parallel: false,
      },
    ]);
    expect(policy.memory.namespaces).toEqual({ coordination: 'session', 'reasoning-bank': 'project', design: 'project' });
  });

  test('places and files of worktrees that would lead elsewhere are refused where they stand', () => {
    const entries = [
      '/etc/passwd',
      '../x',
      'a/../../x',
      '~/x',
      'C:/x',
      '.git',
      'a/.GIT/config',
      'git~1/x',
      '"a\\\\b"',
      '"*.env"',
      './x',
      'a//b',
      '"a\\e[2J"',
      '""',
    ];
    const wrong = mistakes(
      `worktree:\n  copy:\n${entries
        .slice(0, 7)
        .map((entry) => `    - ${entry}\n`)
        .join('')}  link:\n    - .env\n    - a/b/\n`,
    );
    expect(wrong).toEqual([
      '3:7: worktree.copy[0]: an entry of copy must be relative to the top of the checkout',
      '4:7: worktree.copy[1]: an entry of copy must stay inside the checkout',
      '5:7: worktree.copy[2]: an entry of copy must stay inside the checkout',
      '6:7: worktree.copy[3]: an entry of copy must be relative to the top of the checkout',
      '7:7: worktree.copy[4]: an entry of copy must be relative to the top of the checkout',
      '8:7: worktree.copy[5]: an entry of copy must not touch .git',
      '9:7: worktree.copy[6]: an entry of copy must not touch .git',
    ]);
    for (const entry of entries.slice(7)) expect(mistakes(`worktree:\n  link:\n    - ${entry}\n`), entry).toHaveLength(1);
    expect(mistakes('worktree:\n  copy: [.env]\n  link: [x, .env]\n')).toEqual([
      '3:13: worktree.link[1]: an entry of link is in copy, too',
    ]);
    const places = [
      '/trees/{topic}',
      '~/{topic}',
      'trees/{topic}',
      './{topic}',
      '../{repo}/{topic}',
      '../x',
      '../{topic}/../..',
      '../{user}/{topic}',
    ];
    for (const place of places)
      expect(mistakes(`worktree:\n  place: ${place}\n`), place).toEqual([expect.stringMatching(/^2:10: worktree\.place: a place /)]);
    for (const place of ['../{topic}', '../../trees/{repo}/{topic}', '../{repo}-{topic}'])
      expect(parse(`worktree:\n  place: ${place}\n`).worktree.place).toBe(place);
  });

  test('mistakes come with line and column, in the file\u2019s order, and a suggestion', () => {
    const text =
      'lnad: pr\npresense: none\nchecks:\n  list:\n    - name: a\n      run: x\n      timeout: 3\n      cwd: ../x\nland: foo\napprovals:\n  count: 0\n';
    expect(mistakes(text)).toEqual([
      '1:1: unknown key "lnad" (did you mean "land"?)',
      '2:1: unknown key "presense" (did you mean "presence"?)',
      '7:7: unknown key "timeout" in checks.list[0] (did you mean "timeout_minutes"?)',
      '8:12: checks.list[0].cwd: cwd must lie inside the repository',
      '9:7: land.by: must be one of local, pr',
      '11:10: approvals.count: at least one approval is needed',
    ]);
    expect(mistakes('a: [1\nb: 2')[0]).toMatch(/^2:1: Flow sequence/);
    expect(mistakes('land: local\nland: pr')).toEqual(['2:1: Map keys must be unique']);
    expect(mistakes('- a')).toEqual(['1:1: the file must be a mapping of keys to values']);
    expect(mistakes('version: 2')[0]).toMatch(/^1:10: version/);
    expect(mistakes('checks:\n  - {name: a, run: x}\n  - {name: a, run: y}\n')).toEqual(['3:12: two checks are called "a"']);
    expect(mistakes('checks:\n  - {name: a}\n')[0]).toMatch(/^2:5: checks\.list\[0\]\.run/);
    expect(mistakes('branch:\n  prefix: a..b/\n')[0]).toMatch(/^2:11/);
    expect(mistakes(`x${'y'.repeat(300 * 1024)}`)[0]).toMatch(/larger than/);
  });

  test('hostile files are refused, not expanded', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}\n`;
    expect(mistakes(bomb).length).toBeGreaterThan(0);
    expect(mistakes('__proto__: {presence: none}\n').length).toBeGreaterThan(0);
    expect(mistakes('land: !!js/function "x"\n').length).toBeGreaterThan(0);
    expect(mistakes('checks:\n  - {name: "a\\u001b[2J", run: x}\n')[0]).toMatch(/control/);
  });

  test('the closest word', () => {
    expect(closest('checkpoints', ['checkpoint', 'checks'])).toBe('checkpoint');
    expect(closest('quux', ['land', 'presence'])).toBeNull();
    expect(closest('root-allow', ['root_allow', 'allow'])).toBe('root_allow');
  });
});

describe('editing a policy file', () => {
  test('sets values, keeps every comment, and is still valid', () => {
    const edited = editPolicyText(template, {
      land: 'pr',
      presence: 'none',
      setup: { run: 'npm ci', inputs: ['package-lock.json'] },
      checks: [
        { name: 'test', run: 'npm test', comment: 'passed when init tried it' },
        { name: 'lint', run: 'npm run lint', required: false },
      ],
    });
    const policy = parse(edited);
    expect(policy).toMatchObject({
      land: { by: 'pr' },
      presence: 'none',
      checks: { setup: 'npm ci', setup_inputs: ['package-lock.json'] },
    });
    expect(policy.checks.list.map(({ name, run, required }) => [name, run, required])).toEqual([
      ['test', 'npm test', true],
      ['lint', 'npm run lint', false],
    ]);
    for (const line of template.split('\n').filter((row) => row.startsWith('#'))) expect(edited).toContain(line);
    expect(edited).toContain('    # passed when init tried it\n    - name: test\n');
    expect(editPolicyText(edited, { land: 'pr', checks: [{ name: 'test', run: 'npm test' }] })).toBe(edited);
  });

  test('works on short forms and leaves other bytes alone', () => {
    const short = 'land: local   # here\nchecks:\n  - name: test\n    run: old\n';
    const edited = editPolicyText(short, {
      land: 'pr',
      checks: [
        { name: 'test', run: 'new' },
        { name: 'more', run: 'x' },
      ],
    });
    expect(parse(edited)).toMatchObject({ land: { by: 'pr' }, checks: { list: [{ run: 'new' }, { name: 'more' }] } });
    expect(edited).toContain('# here');
    expect(editPolicyText(short, { land: 'local' })).toBe(short);
    expect(parse(editPolicyText('', { checks: [{ name: 'a', run: 'b' }] })).checks.list).toHaveLength(1);
  });
});
