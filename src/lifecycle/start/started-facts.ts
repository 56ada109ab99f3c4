/** What there is to tell about a session that was just started: the facts of `start`, shaped as its schema says. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDecisions } from '../../core/documents/trajectory.ts';
import { foldMemory } from '../../core/memory/memory.ts';
import { bareOffer, type Offer } from '../../core/pattern/offer.ts';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readBlob } from '../../git/objects.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { isDraft } from '../checkpoint/file-gate.ts';
import { listArtifacts } from '../files/artifacts.ts';
import { hookState } from '../hooks/install.ts';
import { readBank } from '../patterns/bank.ts';
import { offeredPattern } from '../patterns/known.ts';
import { offer, recordOffers } from '../patterns/offer.ts';
import type { Session } from '../session/session.ts';
import { sessionFacts } from '../session/session-facts.ts';
import type { Started } from './start.ts';
import type { StartPlan } from './start-plan.ts';

/** So much of each note of a continued session is shown, in characters. */
const NOTE_CHARS = 4000;
/** So many of its patterns are brought along. */
const MOST_PATTERNS = 10;

export type StartFacts = Awaited<ReturnType<typeof startedFacts>>;

/** What there is to tell about a session that was just started; offers it the patterns that fit, and records that. */
export async function startedFacts(repo: Repo, plan: StartPlan, started: Started) {
  const { id, branch, metadata } = started;
  const words = `${plan.topic.replaceAll('-', ' ')} ${plan.goal ?? ''}`;
  const [hooks, patterns, continues] = await Promise.all([
    hookState(started.linked ? repoAt(repo, started.top) : repo),
    // What others learned lies on the base; the session's own first commit adds nothing to it.
    plan.learned
      ? offer(repo, { id, tip: plan.baseCommit }, words, 'start', plan.policy.effective ? { effective: plan.policy.effective } : {})
      : [],
    plan.from ? continued(repo, plan, plan.from, started.top) : null,
  ]);
  // What the continued session learned is told with it, and as offered once.
  const known = new Set(patterns.map(({ key }) => key));
  recordOffers(repo.commonDir, id, continues?.patterns.filter(({ key }) => !known.has(key)) ?? [], 'start');
  const told = new Set(continues?.patterns.map(({ key }) => key));
  const paths = sessionPaths(id);
  return {
    session: sessionFacts({ id, metadata, branch, ref: `refs/heads/${branch}`, tip: started.commit, worktree: started.top }, 'active'),
    base_commit: plan.baseCommit,
    linked_worktree: started.linked ? started.top : null,
    brought: started.brought,
    metadata: paths.metadata,
    artifacts: Object.fromEntries(ARTIFACT_KINDS.map((kind) => [kind, `${paths.artifact(kind)}/`])),
    carried: [...plan.dirty.keys()].filter((path) => !isDraft(path)).sort(),
    initialised: plan.policy.initialised,
    notes: [...plan.sameTopic.map(openNote), ...plan.policy.notes],
    hooks,
    continues,
    patterns: patterns.filter(({ key }) => !told.has(key)),
  };
}

const openNote = (id: SessionId) => `${id} is open on the same topic. To go on in that one: git session switch ${id}`;

async function continued(repo: Repo, plan: StartPlan, from: Session, top: string) {
  const [artifacts, learned] = await Promise.all([listArtifacts(repo, from.id, from.tip), learnedIn(repo, plan, from.id)]);
  const notes = artifacts.filter((artifact) => artifact.kind === 'notes');
  return {
    session: from.id,
    commit: from.tip,
    artifacts: artifacts.map(({ kind, path }) => ({ kind, path, here: existsSync(join(top, path)) })),
    notes: await Promise.all(
      notes.map(async ({ path, oid }) => ({ path, text: ((await readBlob(repo, oid)) ?? '').slice(0, NOTE_CHARS) })),
    ),
    ...learned,
  };
}

/** What a session left to the project, as far as a person has approved it: its decisions, and its patterns as they are now. */
async function learnedIn(repo: Repo, plan: StartPlan, from: SessionId): Promise<{ decisions: unknown; patterns: Offer[] }> {
  if (!plan.learned) return { decisions: null, patterns: [] };
  const { effective } = plan.policy;
  const { patterns, records } = await readBank(repo, { commit: plan.baseCommit }, effective ? { effective } : {});
  const [decisions] = foldMemory(records, Date.now()).filter((entry) => entry.session === from && isDecisions({ id: from }, entry));
  const own = patterns.filter(({ session }) => session === from).slice(0, MOST_PATTERNS);
  return { decisions: decisions?.value ?? null, patterns: own.map((pattern) => bareOffer(offeredPattern(pattern))) };
}
