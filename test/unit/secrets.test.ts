import { expect, test } from 'vitest';
import { notAllowed, scanSecrets } from '../../src/core/secrets/scan.ts';

// Made here, so that no scanner stumbles over this file.
const noise = (n: number, alphabet = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zC') =>
  Array.from({ length: n }, (_, i) => alphabet[(i * 7 + (i >> 2)) % alphabet.length]).join('');
const jwt = ['ey', 'JhbGciOiJIUzI1NiJ9.ey', `J${noise(30)}.`, noise(43)].join('');

test.each([
  ['aws', `key = ${'AK'}IA${noise(16, 'ABCDEFGH23457IJKLMNOP6QR')}`],
  ['aws', `aws_secret_access_key = "${noise(40)}"`],
  ['github', `x ${'gh'}p_${noise(36)}`],
  ['github', `${'github'}_pat_${noise(82)}`],
  ['gitlab', `${'glp'}at-${noise(20)}`],
  ['gitlab', `${'gld'}t-${noise(20)}`],
  ['slack', `${'xo'}xb-123456789012-${noise(24)}`],
  ['slack', `https://hooks.${'slack'}.com/services/T${noise(8)}/B${noise(8)}/${noise(24)}`],
  ['stripe', `${'sk'}_live_${noise(24)}`],
  ['npm', `${'np'}m_${noise(36)}`],
  ['openai', `${'sk'}-proj-${noise(60)}`],
  ['openai', `${'sk'}-${noise(48)}`],
  ['anthropic', `${'sk'}-ant-api03-${noise(93)}AA`],
  ['google', `${'AI'}za${noise(35)}`],
  ['privatekey', `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${noise(70)}\n`],
  ['privatekey', `"key": "-----BEGIN ${'PRIVATE'} KEY-----\\n${noise(64)}\\n"`],
  ['privatekey', `-----BEGIN PGP ${'PRIVATE'} KEY BLOCK-----\r\nVersion: x\r\nComment: a b\r\n\r\n${noise(64)}\r\n`],
  ['database-connection-string', `postgres://app:${noise(14)}@db.internal/app`],
  ['basicauth', `https://dana:${noise(14)}@host.example.com/x`],
  ['jwt', `Authorization: Bearer ${jwt}`],
  ['jwt', `const accessToken = '${jwt}';`],
  ['generic-secret', `const password = "${noise(14)}!";`],
  ['generic-secret', `export const API_KEY: string = '${noise(32)}';`],
  ['generic-secret', `{"clientSecret": "${noise(24)}"}`],
  ['generic-secret', `client.secret = '${noise(40, '0a1b2c3d4e5f6987')}'`],
])('finds %s', (rule, text) => {
  expect(scanSecrets(`first line\n${text}\n`, 'src/a.js')).toContainEqual({ rule, line: 2 });
});

test('a value without quotes counts where files have none', () => {
  const text = `API_TOKEN=${noise(32)}`;
  expect(scanSecrets(text, '.env')).toEqual([{ rule: 'generic-secret', line: 1 }]);
  expect(scanSecrets(text, 'config/app.yaml')).toHaveLength(1);
  expect(scanSecrets(text, 'src/a.ts')).toEqual([]);
});

test.each([
  'const password = "changeme";',
  'const password = "Password123!";',
  'password: "example-password-1"',
  'API_KEY=your_api_key_goes_here_1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what configuration holds
  'API_KEY="${API_KEY_FROM_VAULT_1}"',
  'const token = process.env.ACCESS_TOKEN_V2;',
  'const token = signToken(user.id, options15);',
  'const secret = config.auth.jwt.secret2;',
  'token: string; secret?: Buffer',
  'const tokenCount = "123456789012345"; const tokenizer = "cl100k-base-v2-tokens";',
  'password_file: /run/secrets/db-password-1',
  'secret = "auth-session-store-2"',
  'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
  'postgres://user:password@localhost:5432/app',
  'https://user:pass@example.com/',
  'see task-auth-api-001 and the risk-assessment-of-2024',
  'const API_KEY = "xxxxxxxxxxxxxxxx1A"; const k = "00000000000000000000a1"',
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n',
])('passes over %s', (text) => {
  expect(scanSecrets(text, '.env')).toEqual([]);
  expect(scanSecrets(text, 'src/a.ts')).toEqual([]);
});

test('a token of an .npmrc is looked for in such files only', () => {
  const text = `//registry.example.com/:_authToken=${noise(36)}`;
  for (const size of [0, 10_000]) {
    const padding = `${'x '.repeat(size)}\n`;
    expect(scanSecrets(`${padding}${text}`, 'app/.npmrc')).toEqual([{ rule: 'npm', line: 2 }]);
    expect(scanSecrets(`${padding}const key = "_authToken=";`, 'a.js')).toEqual([]);
    expect(scanSecrets(`${padding}${'gh'}p_${noise(36)}`, 'a.js')).toEqual([{ rule: 'github', line: 2 }]);
  }
});

test('digests in lock files and binary files give nothing', () => {
  expect(scanSecrets(`"token": "${noise(40)}"`, 'package-lock.json')).toEqual([]);
  expect(scanSecrets(`\0 token = "${noise(40)}"`, 'a.bin')).toEqual([]);
  // What git takes for text: no NUL in the first 8000 bytes.
  expect(scanSecrets(`${'x\n'.repeat(4000)}\0\n token = "${noise(40)}"`, 'a.js')).toHaveLength(1);
});

test('never returns the secret, names each rule once a line, and sorts by line', () => {
  const token = `${'gh'}p_${noise(36)}`;
  const found = scanSecrets(`token = "${noise(40)}"\n${token} ${token}\ntoken = "${token}"\n`, 'a.js');
  expect(found).toEqual([
    { rule: 'generic-secret', line: 1 },
    { rule: 'github', line: 2 },
    { rule: 'github', line: 3 },
  ]);
  expect(JSON.stringify(found)).not.toContain(token.slice(5));
});

test('hostile text costs no more than its length', () => {
  const started = performance.now();
  for (const unit of [
    'abc: ',
    'token = "',
    'a-',
    `${'xo'}xb-a-`,
    '-----BEGIN PRIVATE KEY-----\nabc: ',
    'https://a:',
    'password: x=',
    `${'SG'}.a.`,
    'token=',
  ]) {
    scanSecrets(unit.repeat(200_000 / unit.length), 'a.env');
    scanSecrets(`-----BEGIN ${'PRIVATE'} KEY-----\n${unit.repeat(2000)}`, 'a.env');
  }
  // Far above what it takes, far below what backtracking would.
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('long values without quotes are told by how they begin, and a long jwt as one', () => {
  const long = [jwt, noise(1500)].join('');
  expect(scanSecrets(`ACCESS_TOKEN=${long}\n`, '.env')).toEqual([{ rule: 'jwt', line: 1 }]);
  expect(scanSecrets(`url: https://x?token=${noise(3000)}&token=${jwt}\n`, 'a.yaml')).toEqual([
    { rule: 'generic-secret', line: 1 },
    { rule: 'jwt', line: 1 },
  ]);
});

test('policy accepts a rule at a path', () => {
  const found = [
    { rule: 'github', line: 1 },
    { rule: 'jwt', line: 2 },
  ];
  const allow = [{ rule: 'github', path: 'test/**', reason: 'made up' }];
  expect(notAllowed(found, 'test/a.ts', allow)).toEqual([{ rule: 'jwt', line: 2 }]);
  expect(notAllowed(found, 'src/a.ts', allow)).toEqual(found);
  expect(notAllowed(found, 'src/a.ts', [{ rule: '*', path: '**', reason: 'x' }])).toEqual([]);
});
