/** `inventory.json`: every artifact and workspace change with its blob, size, task and actor. Pure. */

import type { Actor } from '../log/record.ts';
import { ARTIFACT_KINDS, type ArtifactKind } from '../session/metadata.ts';
import type { CloseoutFacts } from './facts.ts';
import { unknownPlaces } from './figures.ts';

interface ActorEntry {
  kind: Actor['kind'];
  name: string;
  /** The client's own id of the agent; left out where it gave none. */
  id?: string;
}

export interface InventoryArtifact {
  path: string;
  kind: ArtifactKind;
  /** Path below the kind's folder. */
  name: string;
  status: 'added';
  blob: string;
  size: number;
  task: string | null;
  actor: ActorEntry | null;
}

export interface InventoryChange {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  /** Null for a deletion. */
  blob: string | null;
  size: number | null;
  task: string | null;
  actor: ActorEntry | null;
}

export interface Inventory {
  version: 1;
  session_id: string;
  artifacts: InventoryArtifact[];
  workspace: InventoryChange[];
  not_recorded: string[];
}

/** The inventory of a session, in the order of the facts. */
export function inventoryOf(facts: CloseoutFacts): Inventory {
  const body = {
    version: 1 as const,
    session_id: facts.id,
    artifacts: facts.artifacts.map((artifact) => ({
      path: artifact.path,
      kind: artifact.kind,
      name: artifactName(artifact.path, artifact.kind),
      status: 'added' as const,
      blob: artifact.blob,
      size: artifact.size,
      task: artifact.task,
      actor: actorEntry(artifact.actor),
    })),
    workspace: facts.workspace.map(({ path, status, blob, size, task, actor }) => ({
      path,
      status,
      blob,
      size,
      task,
      actor: actorEntry(actor),
    })),
  };
  return { ...body, not_recorded: unknownPlaces(body, ['workspace[].blob', 'workspace[].size']) };
}

/** `auth.js` of `sessions/<id>/artifacts/code/auth.js`. */
export function artifactName(path: string, kind: ArtifactKind): string {
  const folder = `/artifacts/${kind}/`;
  const at = path.indexOf(folder);
  return at === -1 ? path : path.slice(at + folder.length);
}

/** The names of the artifacts of every kind, below the kind's folder, in the order of the facts. */
export function namesByKind({ artifacts }: Pick<CloseoutFacts, 'artifacts'>): Record<ArtifactKind, string[]> {
  const names = (kind: ArtifactKind) => artifacts.flatMap((one) => (one.kind === kind ? [artifactName(one.path, kind)] : []));
  return Object.fromEntries(ARTIFACT_KINDS.map((kind) => [kind, names(kind)])) as Record<ArtifactKind, string[]>;
}

function actorEntry(actor: Actor | null): ActorEntry | null {
  return actor === null ? null : { kind: actor.kind, name: actor.name, ...(actor.id === undefined ? {} : { id: actor.id }) };
}
