/** What `init` tells: the plan before it is accepted, and what was done. */

import { relative } from 'node:path';
import { SETUPS } from '../../agents/setup/index.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { HOOKS_PATH } from '../../lifecycle/hooks/install.ts';
import { hasBegun, isGoverned } from '../../lifecycle/init/guard.ts';
import type { InitPlan } from '../../lifecycle/init/plan.ts';
import type { InitDone } from '../../lifecycle/init/run.ts';
import type { Io } from '../io.ts';
import { changePrinter, type Extent } from './file-change.ts';

/** `done` is null for a plan that was not carried out. */
export function initFacts(plan: InitPlan, done: InitDone | null, checks: CheckResult[]) {
  const signer = done?.signer ?? plan.signer;
  return {
    branch: plan.place.branch,
    commit: done?.commit ?? null,
    signed: done?.commit ? done.signed : null,
    files: plan.files.map(({ path, before }) => ({ path, change: before === null ? ('add' as const) : ('change' as const) })),
    settings: settingsOf(plan),
    signer: signer ? { principal: signer.principal, key: signer.key, format: signer.format } : null,
    hooks: done?.hooks ?? null,
    local: plan.local,
    here: [...plan.own, ...(plan.hooks?.scripts ?? [])].map(({ path, before }) => ({
      path,
      change: before === null ? ('add' as const) : ('change' as const),
    })),
    agents: [...plan.agents],
    tried: checks.map(({ name, status, detail }) => ({ name, status, detail })),
    notes: [...plan.notes, ...(done?.notes ?? [])],
  };
}

/** What the plan sets in this clone's configuration. */
function settingsOf({ key, hooks }: InitPlan): { key: string; value: string }[] {
  const path = hooks?.hooksPath ?? null;
  return [...(key.kind === 'none' ? [] : key.settings), ...(path === null ? [] : [{ key: HOOKS_PATH, value: path }])];
}

/** True where the plan changes nothing that is tracked or configured. */
export function isEmpty(plan: InitPlan): boolean {
  return (
    plan.files.length + plan.own.length === 0 &&
    plan.back === null &&
    (plan.hooks?.scripts ?? []).length === 0 &&
    settingsOf(plan).length === 0 &&
    plan.key.kind !== 'new'
  );
}

/** The plan, and as much of each file's change as `extent` says. */
export function printPlan(io: Io, repo: Repo, plan: InitPlan, extent: Extent): void {
  const { branch, checkout } = plan.place;
  if (plan.files.length > 0) io.say(`One commit on ${io.paint('bold', branch)}${checkout ? '' : ', which is not checked out'}:`);
  const printChange = changePrinter(io, extent, 'init');
  for (const file of plan.files) {
    io.say(`  ${file.before === null ? io.paint('green', 'add   ') : io.paint('yellow', 'change')} ${visible(file.path)}`);
    printChange(file);
  }
  const own = [...plan.own, ...(plan.hooks?.scripts ?? [])];
  if (own.length > 0) io.say('In this clone alone, not committed:');
  for (const file of own) {
    io.say(`  ${file.before === null ? io.paint('green', 'add   ') : io.paint('yellow', 'change')} ${visible(fromTop(repo, file.path))}`);
    printChange(file);
  }
  if (plan.back) io.say('What was set up for this clone alone goes, and counts no longer:');
  for (const { path, after } of plan.back?.files ?? [])
    io.say(`  ${after === null ? io.paint('red', 'remove  ') : io.paint('yellow', 'put back')} ${visible(fromTop(repo, path))}`);
  printKey(io, plan);
  for (const { key, value } of settingsOf(plan)) io.say(`This clone's configuration: ${key} = ${visible(value)}`);
  if (plan.hooks?.activate && plan.hooks.files.length > 0) {
    io.say(`Git hooks: run through ${plan.hooks.activate} in this clone; outside a session they do nothing.`);
  }
  if (plan.land) io.say(LANDING[plan.land]);
  if (plan.checks.length > 0)
    io.say(`Checks: ${plan.checks.map(({ name, run }) => `${oneLine(name, 40)} (${oneLine(run, 100)})`).join(', ')}.`);
  if (plan.agents.length > 0) io.say(`Agents: ${plan.agents.map((name) => SETUPS[name].name).join(', ')}.`);
  for (const note of plan.notes) io.say(`${io.paint('yellow', 'note:')} ${visible(note, '\n').replaceAll('\n', '\n      ')}`);
}

/** A path below the top as people write it. */
function fromTop({ top }: Repo, path: string): string {
  const short = relative(top, path);
  return short.startsWith('..') ? path : short;
}

const LANDING = {
  local: 'Landing: closeout merges here (land: local). --land pr goes through pull requests.',
  pr: 'Landing: through pull requests (land: pr). --land local merges here.',
};

function printKey(io: Io, plan: InitPlan): void {
  const { key } = plan;
  if (key.kind === 'none') return;
  if (key.kind === 'new') {
    io.say(`A new ssh key ${visible(key.path)}, ${key.passphrase ? 'with a passphrase that will be asked for' : 'without a passphrase'};`);
    io.say(
      `its public half goes into ${plan.local ? 'the list of approvers of this clone' : '.swarm/allowed_signers'}, for ${oneLine(key.email)}.`,
    );
  } else if (!(plan.local ? isGoverned(plan.place) : hasBegun(plan.place)) || key.settings.length > 0) {
    io.say(`Approver: ${oneLine(key.signer.principal)}, with the ${visible(key.signer.describe)}.`);
  }
}

/** `open`: the session that is checked out here. */
export function printDone(io: Io, plan: InitPlan, done: InitDone, open: SessionId | null): void {
  const { branch } = plan.place;
  if (done.commit) {
    io.say(`Committed ${done.commit.slice(0, 10)} on ${branch}${done.signed ? ', signed' : ', not signed'}.`);
    if (!done.signed && !hasBegun(plan.place))
      io.note(
        'This first policy is not signed: nothing shows who made it, so tell the others its digest (git session verify --all prints it).',
      );
  }
  if (plan.local) {
    io.say('This clone is judged by its own policy: .git/git-session/local/.sessionrc.yaml');
    io.note('No history holds it, so git session verify calls what is approved by it unaudited, here and everywhere.');
  }
  if (done.hooks === 'active') io.say('The git hooks run in this clone.');
  for (const note of done.notes) io.say(`${io.paint('yellow', 'note:')} ${visible(note, '\n')}`);
  if (done.commit && plan.place.remote !== null) io.say(`Others get it once it is pushed: git push ${plan.place.remote} ${branch}`);
  if (open) io.say(`Go on in ${open}; where it stands: git session status`);
  else io.say('Start a session with: git session start <topic>');
}
