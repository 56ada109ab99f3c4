/** The sealed documents as values, each by its strict schema. */

import type { Backup } from '../../core/documents/backup.ts';
import type { Inventory } from '../../core/documents/inventory.ts';
import type { Metrics } from '../../core/documents/metrics.ts';
import { parseJson } from '../../core/json.ts';
import type { Manifest } from '../../core/manifest.ts';
import { sessionPaths } from '../../core/metadata.ts';

export interface SealedDocuments {
  metrics: Metrics;
  inventory: Inventory;
  backup: Backup;
}

export function readDocuments(manifest: Manifest, texts: ReadonlyMap<string, string>): SealedDocuments | { findings: [] } {
  const at = sessionPaths(manifest.session);
  const read = (path: string) => parseJson(texts.get(path) ?? '');
  return { metrics: read(at.metrics) as Metrics, inventory: read(at.inventory) as Inventory, backup: read(at.backup) as Backup };
}
