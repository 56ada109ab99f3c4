/** What `start` tells people. */

import { offerBlock } from '../../core/pattern/offer.ts';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/session/metadata.ts';
import { asObject } from '../../core/text/json.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import type { StartFacts } from '../../lifecycle/start/started-facts.ts';
import type { Io } from '../io.ts';
import { printBrought, printLeft } from './brought.ts';

/** `typed`: the topic as it was given. */
export function printStarted(io: Io, facts: StartFacts, typed: string): void {
  const { id, branch, base, topic } = facts.session;
  io.say(`Started ${io.paint('bold', id)}`);
  // Words joined by dashes are no news.
  if (typed.trim().toLowerCase().replace(/\s+/g, '-') !== topic) io.say(`  topic      ${topic}`);
  io.say(`  branch     ${branch}, from ${oneLine(base, 120)} at ${facts.base_commit.slice(0, 10)}`);
  io.say(`  artifacts  ${sessionPaths(id).artifacts}/{${ARTIFACT_KINDS.join(',')}}/`);
  if (facts.linked_worktree) io.say(`  worktree   ${visible(facts.linked_worktree)}`);
  printBrought(io, facts.brought);
  if (facts.carried.length > 0) io.say(`  carried    ${count(facts.carried.length, 'uncommitted file')} came along as they were`);
  if (facts.continues) printContinued(io, facts.continues);
  if (facts.patterns.length > 0) io.say(`\n${offerBlock(facts.patterns)}`);
  if (facts.hooks !== 'active' && facts.initialised) io.note(HOOKS[facts.hooks]);
  printLeft(io, facts.brought);
  for (const note of facts.notes) io.note(visible(note, '\n'));
  if (!facts.initialised) io.note('No policy is set up here yet: a closeout will need `git session init` first.');
}

/** What the state of the hooks means for a session, where they do not run. */
export const HOOKS = {
  inactive: 'The git hooks do not run in this clone: commits are not gated or recorded until `git session init` has activated them.',
  absent: 'No git hooks are set up: commits are not gated, and are recorded by the next command only. Set them up with: git session init',
  foreign:
    'Another hook manager runs here and does not call git-session: commits are not gated, and are recorded by the next command only.',
};

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
  const steps = stepsOf(from.decisions);
  if (steps.length > 0) io.say(`\nDecided there:`);
  for (const step of steps) io.say(`  ${oneLine(step, Math.max(60, io.width - 2))}`);
  if (from.patterns.length > 0) io.say(`\n${offerBlock(from.patterns)}`);
  if (from.decisions === null) io.say(io.paint('dim', '\nNothing of its memory is brought along: nobody has approved it on this base.'));
}

/** `completed: Build the API (backend-dev)`, a line for each task of a session's decisions, whatever these hold. */
function stepsOf(decisions: unknown): string[] {
  const steps = asObject(decisions)?.steps;
  return (Array.isArray(steps) ? steps : []).map((step) => {
    const { task, description, agent, outcome, note } = asObject(step) ?? {};
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const who = text(agent) === '' ? '' : ` (${text(agent)})`;
    return `${text(outcome)}: ${text(description) || text(task)}${who}${text(note) === '' ? '' : `: ${text(note)}`}`;
  });
}
