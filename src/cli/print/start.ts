/** What `start` tells: facts for --json, and the same for people. */

import { ARTIFACT_KINDS, sessionPaths } from '../../core/metadata.ts';
import { count, oneLine, visible } from '../../core/text.ts';
import { readBlob } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { listArtifacts } from '../../lifecycle/artifacts.ts';
import type { Session } from '../../lifecycle/session.ts';
import type { Started } from '../../lifecycle/start.ts';
import type { StartPlan } from '../../lifecycle/start-plan.ts';
import type { Io } from '../io.ts';
import { sessionFacts } from './session.ts';

/** So much of each note of a continued session is shown, in characters. */
const NOTE_CHARS = 4000;

export type StartFacts = Awaited<ReturnType<typeof startedFacts>>;

export async function startedFacts(repo: Repo, plan: StartPlan, started: Started) {
  const { id, branch, metadata } = started;
  const paths = sessionPaths(id);
  return {
    session: sessionFacts({ id, metadata, branch, ref: `refs/heads/${branch}`, tip: started.commit, worktree: started.top }, 'active'),
    base_commit: plan.baseCommit,
    linked_worktree: started.linked ? started.top : null,
    metadata: paths.metadata,
    artifacts: Object.fromEntries(ARTIFACT_KINDS.map((kind) => [kind, `${paths.artifact(kind)}/`])),
    carried: [...plan.dirty.keys()].sort(),
    initialised: plan.initialised,
    notes: plan.notes,
    continues: plan.from ? await continued(repo, plan.from) : null,
  };
}

async function continued(repo: Repo, from: Session) {
  const artifacts = await listArtifacts(repo, from.id, from.tip);
  const notes = artifacts.filter((artifact) => artifact.kind === 'notes');
  return {
    session: from.id,
    commit: from.tip,
    artifacts: artifacts.map(({ kind, path }) => ({ kind, path })),
    notes: await Promise.all(
      notes.map(async ({ path, oid }) => ({ path, text: ((await readBlob(repo, oid)) ?? '').slice(0, NOTE_CHARS) })),
    ),
  };
}

export function printStarted(io: Io, facts: StartFacts): void {
  const { id, branch, base } = facts.session;
  io.say(`Started ${io.paint('bold', id)}`);
  io.say(`  branch     ${branch}, from ${oneLine(base, 120)} at ${facts.base_commit.slice(0, 10)}`);
  io.say(`  artifacts  ${sessionPaths(id).artifacts}/{${ARTIFACT_KINDS.join(',')}}/`);
  if (facts.linked_worktree) io.say(`  worktree   ${visible(facts.linked_worktree)}`);
  if (facts.carried.length > 0) io.say(`  carried    ${count(facts.carried.length, 'uncommitted file')} came along as they were`);
  if (facts.continues) printContinued(io, facts.continues);
  for (const note of facts.notes) io.note(visible(note, '\n'));
  if (!facts.initialised) io.note('No policy is set up here yet: a closeout will need `git session init` first.');
}

function printContinued(io: Io, from: NonNullable<StartFacts['continues']>): void {
  io.say(`\nContinues ${from.session}; its artifacts:`);
  for (const { path } of from.artifacts) io.say(`  ${visible(path)}`);
  if (from.artifacts.length === 0) io.say('  none');
  else io.say(io.paint('dim', `  read one with: git show ${from.commit.slice(0, 10)}:<path>`));
  for (const note of from.notes) {
    io.say(`\n${io.paint('bold', visible(note.path))}`);
    io.say(visible(note.text.trimEnd(), '\n\t'));
  }
}
