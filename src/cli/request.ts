/** The request of a sealed session at the terminal: what would be pushed and opened, the question, and what came of it. */

import { byHand, openRequest, planRequest, pushForRequest, type RequestPlan } from '../closeout/request/pull-request.ts';
import { REQUEST_NAME } from '../core/closeout/pull-request.ts';
import { EXIT } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { askYesNo } from './ask.ts';
import type { Io } from './io.ts';
import type { CloseoutFacts } from './schemas/closeout.ts';

type RequestFacts = NonNullable<CloseoutFacts['request']>;

/** Pushes and opens after a yes; `yes` stands for one. Where no program could open it, nothing is pushed and the commands are shown. */
export async function requestReview(io: Io, repo: Repo, session: Session, base: string, yes: boolean): Promise<RequestFacts> {
  const plan = await planRequest(repo, session, base);
  const { remote, branch, title, body, opens } = plan;
  const facts = { remote, branch, title, body, tool: opens?.tool ?? null, pushed: plan.pushed, url: null, failed: null };
  const left = (pushed: boolean) => ({ ...facts, pushed, next: byHand(plan, pushed) });
  if (!opens) {
    io.say(`\nNeither gh nor glab is here for ${oneLine(plan.url, 200)}. ${plan.pushed ? 'Ask' : 'Push it, and ask'} for the review with:`);
    return printed(io, left(plan.pushed));
  }
  printPlan(io, plan);
  const agreed = yes || (await askYesNo(question(plan, opens.tool)));
  if (!agreed) {
    io.say(`Nothing was pushed. The session stays sealed; by hand:`);
    process.exitCode = EXIT.person;
    return printed(io, left(plan.pushed));
  }
  await pushForRequest(repo, plan);
  const { url, failed } = await openRequest(repo, plan, opens);
  if (failed !== null) {
    io.say(`${branch} is at ${oneLine(remote, 60)}, but ${opens.tool} opened no ${REQUEST_NAME[opens.tool]}: ${failed}`);
    io.say('Run the same command again, or ask for the review with:');
    process.exitCode = EXIT.state;
    return printed(io, { ...left(true), url, failed });
  }
  io.say(`${io.paint('green', '✓')} The ${REQUEST_NAME[opens.tool]} is open${url === null ? '' : `: ${url}`}`);
  io.say(`An approver signs it, in any clone:\n  git fetch && git session approve --push ${session.id}`);
  return { ...facts, pushed: true, url, next: [] };
}

function printed(io: Io, facts: RequestFacts): RequestFacts {
  for (const line of facts.next) io.say(`  ${line}`);
  return facts;
}

function printPlan(io: Io, { remote, url, branch, tip, base, title, pushed, replaces, opens }: RequestPlan): void {
  const row = (name: string, value: string) => io.say(`  ${name.padEnd(8)} ${value}`);
  io.say();
  const over = replaces === null ? '' : `, in place of the withdrawn seal ${replaces.slice(0, 10)}`;
  if (!pushed) row('push', `${branch} (${tip.slice(0, 10)}) to ${oneLine(remote, 60)}, ${oneLine(url, 200)}${over}`);
  row('request', `"${oneLine(title, 200)}" on ${base}, at ${opens?.address.host}/${opens?.address.path}`);
}

function question({ remote, pushed }: RequestPlan, tool: NonNullable<RequestPlan['opens']>['tool']): string {
  const open = `pen a ${REQUEST_NAME[tool]} with ${tool}?`;
  return pushed ? `O${open}` : `Push to ${oneLine(remote, 60)} and o${open}`;
}
