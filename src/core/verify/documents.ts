/** Judging the sealed documents against each other, the manifest and the tree. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import type { Backup } from '../documents/backup.ts';
import type { Inventory } from '../documents/inventory.ts';
import type { Metrics } from '../documents/metrics.ts';
import { ARTIFACT_KINDS, type SessionMetadata, sessionPaths } from '../session/metadata.ts';
import { canonicalJson, type Json } from '../text/json.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed } from './finding.ts';

export interface Documents {
  metadata: SessionMetadata;
  metrics: Metrics;
  inventory: Inventory;
  backup: Backup;
}

export interface DocumentFacts extends Documents {
  manifest: Manifest;
  /** Files of the tip: every artifact, and what the inventory names. */
  files: ReadonlyMap<string, { blob: string; size: number }>;
  /** Paths below the session's artifacts folder in the tip. */
  artifacts: readonly string[];
  /** Paths that differ from base to the checked tree. */
  changed: readonly string[];
  /** Sealing and approval were one act: figures of the documents are those of the manifest. */
  strict: boolean;
}

/** Metadata, metrics, inventory, backup, manifest and tree agree. */
export function judgeDocuments(facts: DocumentFacts): Finding[] {
  return [...judgeHeads(facts), ...judgeInventory(facts), ...judgeBackup(facts), ...judgeFigures(facts)];
}

/** Adds a finding for each pair that differs. */
function differing(code: string, pairs: [what: string, found: unknown, wanted: unknown][]): Finding[] {
  return pairs
    .filter(([, found, wanted]) => !same(found, wanted))
    .map(([what, found, wanted]) => failed(code, `${what} is ${shown(found)}, but it should be ${shown(wanted)}.`));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson((a ?? null) as Json) === canonicalJson((b ?? null) as Json);
}

const shown = (value: unknown) => oneLine(value === null || value === undefined ? 'not recorded' : (JSON.stringify(value) ?? ''), 120);

function judgeHeads({ manifest, metadata, metrics, inventory, backup }: DocumentFacts): Finding[] {
  return differing('document-head', [
    ['The session of metrics.json', metrics.session_id, manifest.session],
    ['The session of inventory.json', inventory.session_id, manifest.session],
    ['The session of the backup', backup.session_id, manifest.session],
    ['The closing time of metrics.json', metrics.closed_at, manifest.closed_at],
    ['The closing time of the backup', backup.closed_at, manifest.closed_at],
    ['The start of metrics.json', metrics.created_at, metadata.created_at],
    ['The start of the backup', backup.created_at, metadata.created_at],
    ['The topic of the backup', backup.topic, metadata.topic],
    ['The goal of the backup', backup.goal, metadata.goal],
  ]);
}

function judgeInventory({ manifest, inventory, files, artifacts, changed }: DocumentFacts): Finding[] {
  const findings: Finding[] = [];
  const wrong = (what: string, paths: string[]) => {
    if (paths.length > 0) findings.push(failed('inventory', `${what}: ${listed(paths.map((path) => oneLine(path, 120)))}.`));
  };
  const folder = sessionPaths(manifest.session).artifacts;
  const named = new Set(inventory.artifacts.map(({ path }) => path));
  const isArtifact = (path: string) => ARTIFACT_KINDS.some((kind) => path.startsWith(`${folder}/${kind}/`));
  wrong(
    "The inventory names artifacts with another content, size, kind or name than the session's",
    inventory.artifacts
      .filter(({ path, blob, size, kind, name }) => {
        const file = files.get(path);
        return file?.blob !== blob || file.size !== size || path !== `${folder}/${kind}/${name}`;
      })
      .map(({ path }) => path),
  );
  wrong(
    'Artifacts of the session are missing from the inventory',
    artifacts.filter((path) => isArtifact(path) && !named.has(path)),
  );
  wrong(
    "The inventory names workspace changes with another content or size than the session's",
    inventory.workspace
      .filter(({ path, status, blob, size }) => {
        const file = files.get(path);
        return status === 'deleted' ? file !== undefined : file?.blob !== blob || file.size !== size;
      })
      .map(({ path }) => path),
  );
  const workspace = new Set(inventory.workspace.map(({ path }) => path));
  wrong(
    'Changes that landed are missing from the inventory',
    changed.filter((path) => !workspace.has(path) && !path.startsWith('sessions/') && !path.startsWith('.swarm/')),
  );
  return findings;
}

function judgeBackup({ manifest, metrics, inventory, backup }: DocumentFacts): Finding[] {
  const names = (kind: string) => inventory.artifacts.filter((artifact) => artifact.kind === kind).map(({ name }) => name);
  const sorted = (list: readonly string[]) => [...list].sort();
  return differing('backup', [
    ["The backup's inventory", backup.inventory, { artifacts: inventory.artifacts, workspace: inventory.workspace }],
    ...ARTIFACT_KINDS.map((kind): [string, unknown, unknown] => [
      `The backup's list of ${kind}`,
      sorted(backup.artifacts[kind] ?? []),
      sorted(names(kind)),
    ]),
    [
      "The backup's list of agents",
      backup.agents.map(({ type, task, status }) => ({ type, task, status })),
      metrics.tasks.map(({ agent_type, description, status }) => ({ type: agent_type, task: description, status })),
    ],
    ["The backup's duration", backup.duration_minutes, metrics.duration_minutes],
    ["The backup's test coverage", backup.metrics.test_coverage, metrics.test_coverage],
    ["The backup's number of files", backup.metrics.files_created, metrics.files_created],
    ["The backup's number of agents", backup.metrics.agents_spawned, metrics.agents_spawned],
    ["The backup's number of memory entries", backup.metrics.memory_entries, metrics.memory_entries],
    ["The backup's number of memory entries", backup.metrics.memory_entries, Object.values(backup.memory_snapshot).flat().length],
    ["The backup's list of learned patterns", sorted(backup.learned_patterns.map(({ key }) => key)), sorted(manifest.patterns.kept)],
    [
      "The backup's list of edited patterns",
      sorted(backup.learned_patterns.filter(({ edited }) => edited).map(({ key }) => key)),
      sorted(manifest.patterns.edited),
    ],
    ["The backup's list of dropped patterns", sorted(backup.dropped_patterns), sorted(manifest.patterns.dropped)],
  ]);
}

function judgeFigures({ manifest, metrics, inventory, strict }: DocumentFacts): Finding[] {
  const status = (wanted: string) => inventory.workspace.filter((change) => change.status === wanted).length;
  const figures = (checks: readonly Metrics['checks'][number][]) =>
    checks.map(({ name, required, status, duration_ms, coverage, tests }) => ({ name, required, status, duration_ms, coverage, tests }));
  return differing('metrics', [
    ...ARTIFACT_KINDS.map((kind): [string, unknown, unknown] => [
      `The number of ${kind} in metrics.json`,
      metrics.artifacts[kind],
      inventory.artifacts.filter((artifact) => artifact.kind === kind).length,
    ]),
    [
      'The number of workspace changes in metrics.json',
      metrics.workspace,
      { added: status('added'), modified: status('modified'), deleted: status('deleted') },
    ],
    ...(strict
      ? ([['The list of checks in metrics.json', figures(metrics.checks), figures(manifest.checks)]] as [string, unknown, unknown][])
      : []),
  ]);
}
