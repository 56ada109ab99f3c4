/** What `start` tells: facts for --json, and the same for people. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/metadata.ts';
import { count, oneLine, visible } from '../../core/text.ts';
import { readBlob } from '../../git/objects.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { listArtifacts } from '../../lifecycle/artifacts.ts';
import { isDraft } from '../../lifecycle/file-gate.ts';
import { hookState } from '../../lifecycle/hooks-install.ts';
import { offer } from '../../lifecycle/offer.ts';
import type { Session } from '../../lifecycle/session.ts';
import type { Started } from '../../lifecycle/start.ts';
import type { StartPlan } from '../../lifecycle/start-plan.ts';
import type { Io } from '../io.ts';
import { sessionFacts } from './session.ts';

/** So much of each note of a continued session is shown, in characters. */
const NOTE_CHARS = 4000;

export type StartFacts = Awaited<ReturnType<typeof startedFacts>>;

/** What there is to tell about a session that was just started; offers it the patterns that fit, and records that. */
export async function startedFacts(repo: Repo, plan: StartPlan, started: Started) {
  const { id, branch, metadata } = started;
  const words = `${plan.topic.replaceAll('-', ' ')} ${plan.goal ?? ''}`;
  const [hooks, patterns, continues] = await Promise.all([
    hookState(started.linked ? repoAt(repo, started.top) : repo),
    // What others learned lies on the base; the session's own first commit adds nothing to it.
    plan.learned ? offer(repo, { id, tip: plan.baseCommit }, words, 'start', plan.policy.effective) : [],
    plan.from ? continued(repo, plan.from, started.top) : null,
  ]);
  const paths = sessionPaths(id);
  return {
    session: sessionFacts({ id, metadata, branch, ref: `refs/heads/${branch}`, tip: started.commit, worktree: started.top }, 'active'),
    base_commit: plan.baseCommit,
    linked_worktree: started.linked ? started.top : null,
    metadata: paths.metadata,
    artifacts: Object.fromEntries(ARTIFACT_KINDS.map((kind) => [kind, `${paths.artifact(kind)}/`])),
    carried: [...plan.dirty.keys()].filter((path) => !isDraft(path)).sort(),
    initialised: plan.policy.initialised,
    notes: plan.policy.notes,
    hooks,
    continues,
    patterns: patterns.map(({ id: pattern, key, title, kind, approach, session }) => ({
      id: pattern,
      key,
      title,
      kind,
      approach,
      session,
    })),
  };
}

async function continued(repo: Repo, from: Session, top: string) {
  const artifacts = await listArtifacts(repo, from.id, from.tip);
  const notes = artifacts.filter((artifact) => artifact.kind === 'notes');
  return {
    session: from.id,
    commit: from.tip,
    artifacts: artifacts.map(({ kind, path }) => ({ kind, path, here: existsSync(join(top, path)) })),
    notes: await Promise.all(
      notes.map(async ({ path, oid }) => ({ path, text: ((await readBlob(repo, oid)) ?? '').slice(0, NOTE_CHARS) })),
    ),
  };
}

/** `typed`: the topic as it was given. */
export function printStarted(io: Io, facts: StartFacts, typed: string): void {
  const { id, branch, base, topic } = facts.session;
  io.say(`Started ${io.paint('bold', id)}`);
  // Words joined by dashes are no news.
  if (typed.trim().toLowerCase().replace(/\s+/g, '-') !== topic) io.say(`  topic      ${topic}`);
  io.say(`  branch     ${branch}, from ${oneLine(base, 120)} at ${facts.base_commit.slice(0, 10)}`);
  io.say(`  artifacts  ${sessionPaths(id).artifacts}/{${ARTIFACT_KINDS.join(',')}}/`);
  if (facts.linked_worktree) io.say(`  worktree   ${visible(facts.linked_worktree)}`);
  if (facts.carried.length > 0) io.say(`  carried    ${count(facts.carried.length, 'uncommitted file')} came along as they were`);
  if (facts.continues) printContinued(io, facts.continues);
  printPatterns(io, facts.patterns);
  if (facts.hooks !== 'active' && facts.initialised) io.note(HOOKS[facts.hooks]);
  for (const note of facts.notes) io.note(visible(note, '\n'));
  if (!facts.initialised) io.note('No policy is set up here yet: a closeout will need `git session init` first.');
}

/** What the state of the hooks means for a session, where they do not run. */
export const HOOKS = {
  inactive: 'The git hooks do not run in this clone: commits are not gated or recorded until `git session init` has activated them.',
  absent: 'No git hooks are set up: commits are not gated, and are recorded by the next command only.',
  foreign:
    'Another hook manager runs here and does not call git-session: commits are not gated, and are recorded by the next command only.',
};

function printPatterns(io: Io, patterns: StartFacts['patterns']): void {
  if (patterns.length === 0) return;
  io.say(`\nLearned before, and approved:`);
  for (const { id, title, kind, approach } of patterns) {
    io.say(`  ${io.paint('bold', oneLine(title, 100))} (${kind}; ${oneLine(id, 80)})`);
    if (approach) io.say(`    ${oneLine(approach, 200)}`);
  }
}

function printContinued(io: Io, from: NonNullable<StartFacts['continues']>): void {
  io.say(`\nContinues ${from.session}; its artifacts:`);
  for (const { path } of from.artifacts) io.say(`  ${visible(path)}`);
  if (from.artifacts.length === 0) io.say('  none');
  else if (!from.artifacts.every(({ here }) => here))
    io.say(io.paint('dim', `  read one with: git show ${from.commit.slice(0, 10)}:<path>`));
  for (const note of from.notes) {
    io.say(`\n${io.paint('bold', visible(note.path))}`);
    io.say(visible(note.text.trimEnd(), '\n\t'));
  }
}
