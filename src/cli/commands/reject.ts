import { reject } from '../../closeout/reject.ts';
import { usageError } from '../../core/errors.ts';
import { parseReason, reasonFacts, reasonText } from '../../core/session/reason.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, SESSION_ARG, texts } from '../command.ts';

export const command: CommandSpec = {
  name: 'reject',
  summary: 'Send a session back with reasons',
  details:
    'The session is active again, and its agents see the reasons. A seal is withdrawn: the branch goes back to the commit before it, and seal and tag ' +
    'are kept under refs/git-session/trash/. As with an approval, a person decides this, at a terminal, unless the policy says presence: none.',
  args: [SESSION_ARG],
  options: [
    {
      flags: '--reason <text>',
      description: 'what has to change; "path:line: text" names a place; may be given several times',
      many: true,
    },
  ],
  examples: ['git session reject --reason "src/auth.js:42: the token never expires" --reason "No test for logout"'],
  json: true,
  run,
};

const MAX_REASON = 4000;

async function run(call: Call): Promise<void> {
  const reasons = texts(call, 'reason').map(parseReason);
  const example = 'git session reject --reason "src/auth.js:42: the token never expires"';
  if (reasons.length === 0) throw usageError({ what: 'A rejection needs a reason.', why: 'The agents work from it.', next: example });
  if (reasons.some((reason) => reason.text === '')) throw usageError({ what: 'The reason is empty.', next: example });
  if (reasons.some((reason) => reason.text.length > MAX_REASON)) {
    throw usageError({ what: 'A reason is too long.', why: `The limit is ${MAX_REASON} characters.`, next: 'Split it into several.' });
  }
  const repo = await openRepo();
  const session = await resolveSession(repo, call.args[0]);
  const rejected = await reject(repo, session, reasons, actorOf(call));
  const { io } = call;
  io.json({
    session: session.id,
    state: 'active',
    reasons: reasons.map(reasonFacts),
    withdrawn: rejected.withdrawn?.seal ?? null,
    kept: rejected.withdrawn?.kept ?? null,
    tag: rejected.tag,
  });
  io.say(`${session.id} is active again.`);
  for (const reason of reasons) io.say(`  ${oneLine(reasonText(reason), 600)}`);
  if (rejected.withdrawn) io.say(`The seal is withdrawn and kept as ${rejected.withdrawn.kept}.`);
  if (rejected.tag) io.say(`The tag ${rejected.tag} is withdrawn with it.`);
}
