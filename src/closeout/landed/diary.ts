/** The sessions that landed, newest first, as a diary: what, who approved, how much. Everything from sealed files and tags. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { parseTagMessage } from '../../core/closeout/manifest-text.ts';
import type { Backup } from '../../core/documents/backup.ts';
import { checkScore } from '../../core/documents/figures.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { idParts, type SessionId } from '../../core/session/session-id.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { readMany } from '../../git/batch.ts';
import type { Repo } from '../../git/run.ts';
import { rememberedVerdicts } from '../verify/remembered.ts';
import { type BroughtCommit, broughtCommits } from './brought.ts';
import { furtherApprovers } from './further-approvers.ts';
import { type Landing, listLandings } from './landings.ts';

export interface DiaryEntry {
  id: SessionId;
  topic: string;
  goal: string | null;
  /** The commit that brought it to base, its date (ISO strict), and base as people name it. */
  commit: string;
  landed_at: string;
  base: string;
  /** Full name of the backup tag. */
  tag: string | null;
  /** As the tag's manifest says; null without one. */
  approver: string | null;
  presence: Manifest['presence'] | null;
  /** Everybody who signed, as the tags on this seal say, the first approver first. */
  approvers: string[];
  /** `verified`: its content by an earlier audit on this machine, its signatures now. `no approval`: there is no tag. */
  verdict: 'verified' | 'not checked' | 'no approval';
  now: Landing['now'];
  /** Figures of the sealed backup and the manifest; null where they cannot be read. */
  changes: number | null;
  artifacts: number | null;
  checks: { passed: number; needed: number } | null;
  agents: number | null;
  duration_minutes: number | null;
  patterns: number | null;
  /** Its commits are on base themselves, and not only kept by the tag. */
  merged: boolean;
  /** What it brought, newest first; null where nobody asked. */
  commits: BroughtCommit[] | null;
  /** It was abandoned, and only its lessons landed, as the manifest says. */
  lessons_only: boolean;
}

export interface DiaryOptions {
  limit?: number | undefined;
  /** Landings before this moment are left out. */
  since?: Date | undefined;
  /** Only sessions that somebody of this name approved or worked in: a part of an address, a name, or an agent's type, in any case. */
  author?: string | undefined;
  /** Say what each brought. */
  commits?: boolean;
}

/** The diary of a branch (`tip`), and how many landings fit `since` and `author`. A handful of processes, however many sessions. */
export async function readDiary(
  repo: Repo,
  base: { name: string; tip: string },
  options: DiaryOptions = {},
): Promise<{ total: number; entries: DiaryEntry[] }> {
  const since = options.since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const all = await listLandings(repo, base.tip);
  let fitting = all.filter(({ at }) => Date.parse(at) >= since);
  const brought = options.commits || options.author !== undefined ? await broughtCommits(repo, base.tip, all) : null;
  if (options.author !== undefined) {
    const people = await peopleOf(repo, fitting, brought);
    const wanted = options.author.toLowerCase();
    fitting = fitting.filter((_, i) => people[i]?.some((name) => name.toLowerCase().includes(wanted)));
  }
  const landings = fitting.slice(0, options.limit);
  const [signed, verified] = await Promise.all([readSealed(repo, landings), rememberedVerdicts(repo, landings)]);
  const entries = landings.map((landing, i): DiaryEntry => {
    const { manifest, backup, approvers } = signed[i] as Sealed;
    return {
      id: landing.id,
      topic: landing.metadata?.topic ?? idParts(landing.id).topic,
      goal: landing.metadata?.goal ?? null,
      commit: landing.commit,
      landed_at: landing.at,
      base: base.name,
      tag: landing.tag?.ref ?? null,
      approver: approvers[0] ?? null,
      approvers,
      presence: manifest?.presence ?? null,
      verdict: !landing.tag ? 'no approval' : verified.has(landing.id) ? 'verified' : 'not checked',
      now: landing.now,
      checks: Array.isArray(manifest?.checks) ? checkScore(manifest.checks) : null,
      merged: landing.parents.length > 1,
      commits: options.commits ? (brought?.get(landing.id) ?? []) : null,
      lessons_only: manifest?.lessons_only === true,
      ...figuresOf(backup),
    };
  });
  return { total: fitting.length, entries };
}

/** What the tag and the sealed backup of a landing say. */
interface Sealed {
  manifest: Manifest | null;
  backup: Partial<Backup> | null;
  approvers: string[];
}

async function readSealed(repo: Repo, landings: readonly Landing[]): Promise<Sealed[]> {
  const objects = await readMany(
    repo,
    landings.flatMap(({ id, commit, tag }) => [tag?.oid ?? '', `${tag?.seal ?? commit}:${sessionPaths(id).backup}`]),
  );
  const further = await furtherApprovers(repo, new Map(landings.map(({ id, tag }) => [id, tag?.seal ?? null])));
  return landings.map(({ id }, i) => {
    const [tag, backup] = [objects[2 * i], objects[2 * i + 1]];
    const text = tag?.type === 'tag' ? tag.body.toString('utf8') : '';
    const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest ?? null;
    const first = typeof manifest?.approver?.principal === 'string' ? [manifest.approver.principal] : [];
    const approvers = [...new Set([...first, ...(first.length > 0 ? (further.get(id) ?? []) : [])])];
    return { manifest, approvers, backup: asObject(parseJson(backup?.body.toString('utf8') ?? '')) as Partial<Backup> | null };
  });
}

/** Names and addresses of whoever approved, committed or worked in each. */
async function peopleOf(repo: Repo, landings: readonly Landing[], brought: ReadonlyMap<SessionId, BroughtCommit[]> | null) {
  const sealed = await readSealed(repo, landings);
  return landings.map(({ id }, i) => {
    const { approvers = [], backup = null } = sealed[i] ?? {};
    const agents = Array.isArray(backup?.agents) ? backup.agents.map((agent) => agent?.type) : [];
    const authors = (brought?.get(id) ?? []).flatMap(({ author, email }) => [author, email]);
    return [...approvers, ...authors, ...agents.filter((type) => typeof type === 'string')];
  });
}

/** Counts of a backup file; a file that is none gives unknowns. */
function figuresOf(backup: Partial<Backup> | null): Pick<DiaryEntry, 'changes' | 'artifacts' | 'agents' | 'duration_minutes' | 'patterns'> {
  const size = (list: unknown) => (Array.isArray(list) ? list.length : null);
  return {
    changes: size(backup?.inventory?.workspace),
    artifacts: size(backup?.inventory?.artifacts),
    agents: typeof backup?.metrics?.agents_spawned === 'number' ? backup.metrics.agents_spawned : null,
    duration_minutes: typeof backup?.duration_minutes === 'number' ? backup.duration_minutes : null,
    patterns: size(backup?.learned_patterns),
  };
}
