/** docs/json.md says what the schemas say; UPDATE_DOCS=1 writes it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonPage } from '../../src/cli/json-page.ts';
import { type JsonSchema, publishedSchemas } from '../../src/cli/published-schemas.ts';
import { ROOT } from '../support/repo.ts';

test('docs/json.md is made from the schemas', async () => {
  const file = join(ROOT, 'docs', 'json.md');
  const page = jsonPage(await publishedSchemas());
  if (process.env.UPDATE_DOCS) writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});

test('every field says what it holds', async () => {
  const silent: string[] = [];
  const look = (schema: JsonSchema, path: string) => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const at = `${path}.${name}`;
      // An object whose fields are all described needs no words of its own.
      if (!field.description && !field.properties) silent.push(at);
      look(field, at);
    }
    for (const inner of [schema.items, ...(schema.anyOf ?? [])]) if (inner) look(inner, path);
  };
  for (const { name, schema } of await publishedSchemas()) look(schema, name);
  expect(silent).toEqual([]);
});

test('docs/formats.md names the schema of every file', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'formats.md'), 'utf8');
  const names = (await publishedSchemas()).map(({ name }) => name).filter((name) => name.startsWith('file-'));
  for (const name of [...names, 'policy']) expect(page).toContain(`| \`${name}\` |`);
});
