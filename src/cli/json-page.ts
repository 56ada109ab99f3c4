/** docs/json.md: the published schemas as lists that people read. Pure. */

import type { JsonSchema, PublishedSchema } from './published-schemas.ts';

/** The whole page. */
export function jsonPage(schemas: readonly PublishedSchema[]): string {
  const parts = [
    '# The JSON that git-session prints and writes',
    '',
    'Made from the schemas that the tests hold the real output against. The same as JSON Schema: `dist/schemas/` of the installed package. An unknown',
    'is `null`, never a guess; percentages are 0 to 100; times are ISO 8601 in UTC.',
  ];
  for (const { name, title, schema } of schemas) {
    parts.push('', `## ${title}`, '', `\`schemas/${name}.schema.json\``, '', ...fields(schema, 0));
  }
  return `${parts.join('\n')}\n`;
}

function fields(schema: JsonSchema, depth: number): string[] {
  const lines: string[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const about = field.description ? `: ${field.description}` : '';
    lines.push(`${'  '.repeat(depth)}* \`${name}\` (${typeOf(field)})${about}`);
    for (const inner of inside(field)) lines.push(...fields(inner, depth + 1));
  }
  return lines;
}

/** Objects whose fields are listed below a field: itself, its items, its values, or the alternatives of these. */
function inside(field: JsonSchema): JsonSchema[] {
  if (field.properties) return [field];
  if (field.anyOf) return field.anyOf.flatMap(inside);
  if (field.items) return inside(field.items);
  return typeof field.additionalProperties === 'object' ? inside(field.additionalProperties) : [];
}

function typeOf(field: JsonSchema): string {
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ');
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (field.enum) return field.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (field.type === 'array') return field.items ? `list of ${typeOf(field.items)}` : 'list';
  if (field.type === 'object' && typeof field.additionalProperties === 'object') return 'object by name';
  if (Array.isArray(field.type)) return field.type.join(' or ');
  return field.type ?? 'any JSON';
}
