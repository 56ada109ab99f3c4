/** Every JSON that we print or write, as JSON Schema: made at build time into `dist/schemas/`, and shown in docs/json.md. */

import { z } from 'zod';
import { backupSchema } from '../closeout/schemas/backup.ts';
import { inventorySchema } from '../closeout/schemas/inventory.ts';
import { manifestSchema } from '../closeout/schemas/manifest.ts';
import { metadataSchema } from '../closeout/schemas/metadata.ts';
import { metricsSchema } from '../closeout/schemas/metrics.ts';
import { policyFileSchema } from '../trust/policy-schema.ts';
import { COMMANDS, loadCommand } from './table.ts';

export interface PublishedSchema {
  /** File name without ending. */
  name: string;
  /** What it describes, for people. */
  title: string;
  schema: JsonSchema;
}

/** The part of JSON Schema that ours use. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  [key: string]: unknown;
}

/** Schemas of the commands' `--json`, in the order of the table, then of the sealed files and the policy. */
export async function publishedSchemas(): Promise<PublishedSchema[]> {
  const found: PublishedSchema[] = [];
  for (const name of COMMANDS.keys()) {
    if (!(await loadCommand(name)).json) continue;
    const file = name.replace(' ', '-');
    const { schema } = (await import(`./schemas/${file}.ts`)) as { schema: z.ZodType };
    found.push({ name: file, title: `git session ${name} --json`, schema: asJsonSchema(schema) });
  }
  const files = {
    metadata: ['sessions/<id>/metadata.json', metadataSchema],
    metrics: ['sessions/<id>/metrics.json', metricsSchema],
    inventory: ['sessions/<id>/inventory.json', inventorySchema],
    backup: ['.swarm/backups/<id>.json', backupSchema],
    manifest: ['The manifest: the line that the tag backup/<id> carries', manifestSchema],
  } as const;
  for (const [name, [title, schema]] of Object.entries(files)) found.push({ name: `file-${name}`, title, schema: asJsonSchema(schema) });
  found.push({
    name: 'policy',
    title: '.sessionrc.yaml',
    // The dialect that editors know best; every key may be left out.
    schema: z.toJSONSchema(policyFileSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as JsonSchema,
  });
  return found;
}

function asJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { unrepresentable: 'any' }) as JsonSchema;
}
