/** The sealed documents as values, each by its strict schema. */

import type { Backup } from '../../core/documents/backup.ts';
import type { Inventory } from '../../core/documents/inventory.ts';
import type { Metrics } from '../../core/documents/metrics.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Finding, failed } from '../../core/verify/finding.ts';
import { backupSchema } from '../schemas/backup.ts';
import { inventorySchema } from '../schemas/inventory.ts';
import { metricsSchema } from '../schemas/metrics.ts';

export interface SealedDocuments {
  metrics: Metrics;
  inventory: Inventory;
  backup: Backup;
}

/** The documents, or which of them are no such document and where. `texts`: the seal's files by path. */
export function readDocuments(id: SessionId, texts: ReadonlyMap<string, string>): SealedDocuments | { findings: Finding[] } {
  const at = sessionPaths(id);
  const findings: Finding[] = [];
  const read = (path: string, schema: Schema): unknown => {
    const value = parseJson(texts.get(path) ?? '');
    const parsed = schema.safeParse(value);
    // The value as it stands there: what zod hands back lacks the keys of memory's values that are called __proto__.
    if (parsed.success && !hasUnchecked(value)) return value;
    const issue = parsed.success ? null : parsed.error.issues[0];
    const where = parsed.success
      ? 'memory_snapshot.__proto__'
      : issue
        ? `${issue.path.join('.') || 'its whole'}: ${issue.message}`
        : 'its whole';
    findings.push(failed('document-invalid', `${path} is not what a seal writes, at ${oneLine(where, 200)}.`));
    return null;
  };
  const documents = {
    metrics: read(at.metrics, metricsSchema) as Metrics,
    inventory: read(at.inventory, inventorySchema) as Inventory,
    backup: read(at.backup, backupSchema) as Backup,
  };
  return findings.length > 0 ? { findings } : documents;
}

/** A namespace that zod would not look at: no session can have one of this name. */
function hasUnchecked(value: unknown): boolean {
  return Object.hasOwn(asObject(asObject(value)?.memory_snapshot) ?? {}, '__proto__');
}

interface Schema {
  safeParse(value: unknown): { success: true } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}
