/** `closeout --pr`: the branch of a sealed session goes to the remote, and a request is opened there. Looked at first, done after a yes. */

import {
  addressOf,
  type ForgeAddress,
  type ForgeTool,
  openCommand,
  type RequestText,
  requestText,
  toolOfHost,
  urlIn,
} from '../../core/closeout/pull-request.ts';
import { stateError } from '../../core/errors.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { partRef } from '../../core/trash-refs.ts';
import { getConfig } from '../../git/config.ts';
import { gitEnv } from '../../git/env.ts';
import { readAt } from '../../git/objects.ts';
import { isAncestor, listRefs } from '../../git/refs.ts';
import { pushBranch, remoteOid } from '../../git/remote.ts';
import type { Repo } from '../../git/run.ts';
import { collect } from '../../git/spawn.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { commandLine, remoteOf } from '../land/push-line.ts';
import { sealOf } from '../prepare/sealed.ts';

export interface RequestPlan extends RequestText {
  remote: string;
  /** As configured. */
  url: string;
  branch: string;
  base: string;
  tip: string;
  /** The remote's branch is where this clone's is. */
  pushed: boolean;
  /** A seal that was withdrawn here and still stands at the remote: the push replaces it, and nothing else. */
  replaces: string | null;
  /** What opens the request; null where no program for this remote is here. */
  opens: { tool: ForgeTool; address: ForgeAddress } | null;
}

/** The remote that requests go to. Throws (exit 1) where there is none. */
export async function requestRemote(repo: Repo, base: string): Promise<string> {
  const remote = await remoteOf(repo, base);
  if (remote !== null) return remote;
  throw stateError({
    what: 'There is no remote to open a pull request at.',
    next: 'Add it (git remote add origin <url>) and run the same command again. To seal alone: git session closeout',
  });
}

/** Looks at a sealed session and its remote. Throws (exit 1) where the remote's branch holds what this clone does not know. */
export async function planRequest(repo: Repo, session: Session, base: string): Promise<RequestPlan> {
  const remote = await requestRemote(repo, base);
  const [{ seal, tip }, url] = await Promise.all([sealOf(repo, session), getConfig(repo, `remote.${remote}.url`)]);
  const { branch } = session;
  const there = await remoteOid(repo, remote, `refs/heads/${branch}`);
  const replaces = there === null || (await isAncestor(repo, there, tip)) ? null : there;
  if (replaces !== null && !(await wasWithdrawn(repo, session, replaces))) {
    throw stateError({
      what: `${remote} has a ${branch} that does not lead to this seal.`,
      why: `It stands at ${replaces.slice(0, 12)}: somebody else pushed to it.`,
      next: `Look at it with: git fetch ${remote} && git log ${remote}/${branch}`,
    });
  }
  const opens = await opener(repo, url ?? '');
  const text = await textOf(repo, session, seal.commit);
  return { ...text, remote, url: url ?? remote, branch, base, tip, pushed: there === tip, replaces, opens };
}

/** A seal that was rejected here is kept in the trash. */
async function wasWithdrawn(repo: Repo, { id }: Session, commit: string): Promise<boolean> {
  return (await listRefs(repo, [partRef(id, 'seal', '*')])).some(({ oid }) => oid === commit);
}

async function textOf(repo: Repo, { id, metadata }: Session, seal: string): Promise<RequestText> {
  const at = sessionPaths(id);
  const [summary, text] = await Promise.all([readAt(repo, seal, at.summary), readAt(repo, seal, at.inventory)]);
  const inventory = asObject(parseJson(text ?? ''));
  const size = (list: unknown) => (Array.isArray(list) ? list.length : null);
  const counts = { changes: size(inventory?.workspace), artifacts: size(inventory?.artifacts) };
  return requestText({ id, topic: metadata.topic, seal, summary, summaryPath: at.summary, ...counts });
}

/** The program for this host that is here: known by the host's name, else by its being logged in there. */
async function opener(repo: Repo, url: string): Promise<RequestPlan['opens']> {
  const address = addressOf(url);
  if (!address) return null;
  const known = toolOfHost(address.host);
  if (known) return (await runForge(repo, known, ['--version'])).code === 0 ? { tool: known, address } : null;
  for (const tool of ['gh', 'glab'] as const) {
    if ((await runForge(repo, tool, ['auth', 'status', '--hostname', address.host])).code === 0) return { tool, address };
  }
  return null;
}

/** The program of a forge, run to its end; it may ask nothing. */
function runForge(repo: Repo, tool: ForgeTool, args: string[], input = '') {
  const env = { ...gitEnv(repo.env), GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_PROMPT: '1', NO_COLOR: '1' };
  return collect(tool, args, { cwd: repo.top, env, input });
}

export interface Requested {
  /** Its address, where the program printed one. */
  url: string | null;
  /** Why it was not opened; null where it was. */
  failed: string | null;
}

/** Pushes the branch. Throws (exit 1) where the remote refuses it. */
export async function pushForRequest(repo: Repo, plan: RequestPlan): Promise<void> {
  if (plan.pushed) return;
  const refused = await pushBranch(repo, plan.remote, plan.branch, plan.tip, plan.replaces);
  if (refused === null) return;
  throw stateError({
    what: `${oneLine(plan.remote, 60)} did not take ${plan.branch}; the session stays sealed here.`,
    why: oneLine(refused.replace(/^(remote: *)+/gm, ''), 600),
    next: 'Mend what it names and run the same command again.',
  });
}

/** Opens the request at the forge. */
export async function openRequest(repo: Repo, plan: RequestPlan, { tool, address }: NonNullable<RequestPlan['opens']>): Promise<Requested> {
  const { args, input } = openCommand(tool, { ...plan, address });
  const ran = await runForge(repo, tool, args, input);
  const said = `${ran.stdout.toString('utf8')}\n${ran.stderr.toString('utf8')}`;
  if (ran.code === 0) return { url: urlIn(said), failed: null };
  return { url: urlIn(said), failed: oneLine(said, 400) || ran.failure || `${tool} ended with ${ran.code}` };
}

/** What brings it to the remote by hand, as command lines: the push where it is still to do, and git's own request. */
export function byHand(plan: RequestPlan, pushed: boolean): string[] {
  const { remote, branch, base, replaces, tip } = plan;
  const lease = replaces === null ? [] : [`--force-with-lease=${branch}:${replaces}`];
  const push = pushed ? [] : [commandLine(['git', 'push', ...lease, remote, replaces === null ? branch : `${tip}:refs/heads/${branch}`])];
  return [...push, commandLine(['git', 'request-pull', `${remote}/${base}`, plan.url, branch])];
}
