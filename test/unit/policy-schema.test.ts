/** The published schema of `.sessionrc.yaml`, held by a validator of others against the template and against what the program itself takes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type JsonSchema, publishedSchemas } from '../../src/cli/published-schemas.ts';
import { POLICY_KEYS } from '../../src/core/policy/keys.ts';
import { parsePolicy } from '../../src/trust/policy-file.ts';
import { aboutSetting } from '../../src/trust/policy-schema.ts';
import { ROOT } from '../support/repo.ts';

const { schema } = (await publishedSchemas()).find(({ name }) => name === 'policy') ?? { schema: {} };
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('the template and this repository\u2019s own policy are valid, and the template names the schema where every clone has it', () => {
  for (const file of ['templates/sessionrc.yaml', '.sessionrc.yaml']) expect(valid(parse(text(file))), file).toBe(true);
  expect(text('templates/sessionrc.yaml').split('\n')[0]).toBe('# yaml-language-server: $schema=.git/git-session/policy.schema.json');
});

test('it describes every setting of the policy, and no other', () => {
  const found: string[] = [];
  const look = (at: JsonSchema, path: string[]) => {
    const long = at.properties ? at : at.anyOf?.map((one) => inner(one)).find((one) => one?.properties);
    if (!long?.properties) return void found.push(path.join('.'));
    for (const [name, field] of Object.entries(long.properties)) look(field, [...path, name]);
  };
  const inner = (at: JsonSchema): JsonSchema | undefined => (at.properties ? at : at.anyOf?.map(inner).find(Boolean));
  look(schema, []);
  expect(found).toEqual([...POLICY_KEYS]);
  for (const key of POLICY_KEYS) expect(aboutSetting(key), key).not.toBe('');
});

const TEXTS = [
  '',
  'land: pr\nbranch: keep\nchecks:\n  - name: test\n    run: npm test\n',
  'checks:\n  setup: null\n  list: [{name: a, run: b, inputs: base, reports: [{path: x, kind: lcov}]}]\n',
  'checks:\nrouting:\n',
  'memory: {namespaces: {mine: project}}\n',
  'presence: nobody\n',
  'presense: terminal\n',
  'version: 2\n',
  'land: push\n',
  'approvals: {count: 0}\n',
  'approvals: {count: 1.5}\n',
  'branch: {prefix: no-slash}\n',
  'branch: {prefix: a/../b/}\n',
  'checks: [{run: x}]\n',
  'checks: [{name: a, run: ""}]\n',
  'limits: {large_file_kb: 0}\n',
  'worktree:\n  place: ../trees/{repo}-{topic}\n  copy: [.env, config/local/]\n  setup: npm ci\n',
  'memory: {namespaces: {mine: forever}}\n',
];

test.each(TEXTS)('it and the program agree on %j', (yaml) => {
  let taken = true;
  try {
    parsePolicy(yaml, '.sessionrc.yaml');
  } catch {
    taken = false;
  }
  expect(valid(parse(yaml) ?? {})).toBe(taken);
});
