/** The sessions that landed, newest first, as a diary: what, who approved, how much. Everything from sealed files and tags. */

import type { Backup } from '../core/documents/backup.ts';
import { checkScore } from '../core/documents/figures.ts';
import { asObject, parseJson } from '../core/json.ts';
import type { Manifest } from '../core/manifest.ts';
import { parseTagMessage } from '../core/manifest-text.ts';
import { sessionPaths } from '../core/metadata.ts';
import { idParts, type SessionId } from '../core/session-id.ts';
import { readMany } from '../git/batch.ts';
import type { Repo } from '../git/run.ts';
import { type Landing, listLandings } from './landings.ts';
import { rememberedVerdicts } from './verify/remembered.ts';

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
  /** It was abandoned, and only its lessons landed, as the manifest says. */
  lessons_only: boolean;
}

export interface DiaryOptions {
  limit?: number | undefined;
  /** Landings before this moment are left out. */
  since?: Date | undefined;
}

/** The diary of a branch (`tip`), and how many landings fit `since`. A handful of processes, however many sessions. */
export async function readDiary(
  repo: Repo,
  base: { name: string; tip: string },
  options: DiaryOptions = {},
): Promise<{ total: number; entries: DiaryEntry[] }> {
  const since = options.since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const fitting = (await listLandings(repo, base.tip)).filter(({ at }) => Date.parse(at) >= since);
  const landings = fitting.slice(0, options.limit);
  const objects = await readMany(
    repo,
    landings.flatMap(({ id, commit, tag }) => [tag?.oid ?? '', `${tag?.seal ?? commit}:${sessionPaths(id).backup}`]),
  );
  const verified = await rememberedVerdicts(repo, landings);
  const entries = landings.map((landing, i): DiaryEntry => {
    const [tag, backup] = [objects[2 * i], objects[2 * i + 1]];
    const text = tag?.type === 'tag' ? tag.body.toString('utf8') : '';
    const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest ?? null;
    return {
      id: landing.id,
      topic: landing.metadata?.topic ?? idParts(landing.id).topic,
      goal: landing.metadata?.goal ?? null,
      commit: landing.commit,
      landed_at: landing.at,
      base: base.name,
      tag: landing.tag?.ref ?? null,
      approver: typeof manifest?.approver?.principal === 'string' ? manifest.approver.principal : null,
      presence: manifest?.presence ?? null,
      verdict: !landing.tag ? 'no approval' : verified.has(landing.id) ? 'verified' : 'not checked',
      now: landing.now,
      checks: Array.isArray(manifest?.checks) ? checkScore(manifest.checks) : null,
      lessons_only: manifest?.lessons_only === true,
      ...figuresOf(backup?.body.toString('utf8') ?? ''),
    };
  });
  return { total: fitting.length, entries };
}

/** Counts of a backup file; a file that is none gives unknowns. */
function figuresOf(text: string): Pick<DiaryEntry, 'changes' | 'artifacts' | 'agents' | 'duration_minutes' | 'patterns'> {
  const backup = asObject(parseJson(text)) as Partial<Backup> | null;
  const size = (list: unknown) => (Array.isArray(list) ? list.length : null);
  return {
    changes: size(backup?.inventory?.workspace),
    artifacts: size(backup?.inventory?.artifacts),
    agents: typeof backup?.metrics?.agents_spawned === 'number' ? backup.metrics.agents_spawned : null,
    duration_minutes: typeof backup?.duration_minutes === 'number' ? backup.duration_minutes : null,
    patterns: size(backup?.learned_patterns),
  };
}
