import { SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { tryChecks } from '../../closeout/checks/try.ts';
import type { Proposal } from '../../core/checks/detect/project.ts';
import { personError, usageError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { detectAgents } from '../../lifecycle/init/agents.ts';
import { refuseChange, refuseFirstByAgent } from '../../lifecycle/init/guard.ts';
import { planLocal } from '../../lifecycle/init/local-plan.ts';
import { refuseLocalChange, runLocal } from '../../lifecycle/init/local-run.ts';
import { type InitPlace, initPlace, localPlace } from '../../lifecycle/init/place.ts';
import { planInit, proposeChecks } from '../../lifecycle/init/plan.ts';
import { runInit } from '../../lifecycle/init/run.ts';
import type { InitWish } from '../../lifecycle/init/wish.ts';
import { currentSession } from '../../lifecycle/session/session.ts';
import type { CheckEdit } from '../../trust/policy-text.ts';
import { askOne, askYesNo, nobodyToAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag, text, texts } from '../command.ts';
import { placeOrAccept } from '../init-accept.ts';
import { extentOf } from '../print/file-change.ts';
import { initFacts, isEmpty, printDone, printPlan } from '../print/init.ts';

export const command: CommandSpec = {
  name: 'init',
  summary: 'Set up policy, approver and hooks in this repository',
  details:
    'Shows what it would change and asks; --yes accepts. Makes one commit on the policy branch, whatever is checked out, and leaves your ' +
    'staged and changed files as they are: .sessionrc.yaml (policy), .swarm/allowed_signers (who may approve), .gitattributes, git hooks, and what ' +
    'connects the clients of agents (hooks, slash commands, MCP server) in their own settings.\n\n' +
    'The approver is the key that git signs with here, else an ssh key of yours, else a new one on request; never silently. ' +
    'Running it again brings the set-up up to date, in a new clone it activates the hooks, and with --approver it names another approver. ' +
    'Once an approver is named, a change of policy or approvers takes a person as an approval does, whether or not --yes is given; in the ' +
    'environment of an agent the first approver is named only by --presence none with --signing-key.\n\n' +
    'With --local it makes no commit: policy and approvers lie in .git/git-session/local, hooks in the git dir, and settings of agents in files that ' +
    'git does not see. Sessions work as ever and land signed, but no history shows who could approve, so verify calls them unaudited. Run without ' +
    '--local later, it makes all of it everybody’s.',
  options: [
    { flags: '-y, --yes', description: 'accept the plan' },
    { flags: '--dry-run', description: 'show the plan with every changed line, and change nothing' },
    { flags: '--local', description: 'set up this clone alone: nothing that git tracks changes' },
    { flags: '--signing-key <path>', description: 'sign with this ssh key' },
    { flags: '--new-key', description: 'make a new ssh key, ~/.ssh/git-session_ed25519' },
    { flags: '--no-passphrase', description: 'the new key has no passphrase' },
    { flags: '--approver <address>', description: 'name another approver, with --key; an approver must sign this' },
    // Behind --approver: alone it would make that one true by default.
    { flags: '--no-approver', description: 'name nobody: sessions cannot be approved until somebody is named' },
    { flags: '--key <key>', description: "the other approver's public key, or its file (.pub, .asc for gpg)" },
    { flags: '--presence <who>', description: 'who may approve', choices: ['terminal', 'prompt', 'security-key', 'none'] },
    { flags: '--land <how>', description: 'how sessions land', choices: ['local', 'pr'] },
    { flags: '--check <name=command>', description: 'a check that must pass; may be given several times', many: true },
    { flags: '--no-detect', description: 'propose no checks from what the project has' },
    { flags: '--no-try', description: 'do not try the proposed checks' },
    { flags: '--no-hooks', description: 'leave git hooks alone' },
    {
      flags: '--agent <client>',
      description: `connect this client (${Object.keys(SETUPS).join(', ')}); when none is named, those that are used here`,
      many: true,
    },
    { flags: '--no-agent', description: 'connect no client' },
  ],
  examples: [
    'git session init',
    'git session init --yes --signing-key ~/.ssh/id_ed25519.pub',
    "git session init --check 'test=npm test' --check 'lint=npm run lint' --no-detect",
    'git session init --approver robin@example.com --key robin.pub',
    'git session init --agent claude',
    'git session init --local',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const wish = wishOf(call);
  const [yes, dry] = [flag(call, 'yes'), flag(call, 'dryRun')];
  const nobody = nobodyToAsk();
  if (!yes && !dry && nobody) {
    throw personError({
      what: 'Nobody accepted the plan, so nothing was changed.',
      why: nobody,
      next: 'Run the same command with --dry-run to see the plan, and with --yes to accept it.',
    });
  }
  const repo = await openRepo();
  const place = await (wish.local ? localPlace(repo) : dry ? initPlace(repo) : placeOrAccept(io, repo));
  if (!dry) refuseFirstByAgent(place, wish);
  const proposal = call.options.detect === false ? NOTHING : await proposeChecks(repo, place);
  const results = call.options.try === false ? [] : await tried(call, repo, place, proposal);
  const checks = [...proposal.checks.map((check, i) => asEdit(check, results[i])), ...wish.checks];
  const setup = proposal.setup === null ? undefined : { run: proposal.setup, inputs: proposal.setup_inputs };
  const agents = call.options.agent === false ? [] : wish.agents.length > 0 ? wish.agents : await detectAgents(repo, place.tip);
  const whole = { ...wish, checks, setup, agents };
  const plan = await (wish.local ? planLocal : planInit)(repo, place, whole, yes || dry ? null : askOne);

  printPlan(io, repo, plan, extentOf({ yes, dry }));
  if (dry) return io.json(initFacts(plan, null, results));
  if (plan.local) refuseLocalChange(repo, plan);
  else refuseChange(plan);
  if (!yes && !isEmpty(plan) && !(await askYesNo('Accept?'))) throw personError({ what: 'Declined: nothing was changed.' });
  const done = plan.local ? await runLocal(repo, plan) : await runInit(repo, plan, (line) => io.note(line));
  if (isEmpty(plan)) io.say('Everything is set up already.');
  printDone(io, plan, done, (await currentSession(repo))?.id ?? null);
  io.json(initFacts(plan, done, results));
}

const NOTHING: Proposal = { setup: null, setup_inputs: [], checks: [] };

function wishOf(call: Call): InitWish {
  const approver = text(call, 'approver');
  const key = text(call, 'key');
  if ((approver === undefined) !== (key === undefined)) {
    throw usageError({ what: '--approver and --key belong together.', next: 'git session init --approver <address> --key <public key>' });
  }
  return {
    signingKey: text(call, 'signingKey'),
    newKey: flag(call, 'newKey'),
    noPassphrase: call.options.passphrase === false,
    noApprover: call.options.approver === false,
    approver: approver !== undefined && key !== undefined ? { principal: approver, key } : undefined,
    presence: text(call, 'presence'),
    land: text(call, 'land'),
    checks: texts(call, 'check').map(parseCheck),
    hooks: call.options.hooks !== false,
    agents: texts(call, 'agent').map(asClient),
    local: flag(call, 'local'),
  };
}

function asClient(given: string): SetupName {
  if (Object.hasOwn(SETUPS, given)) return given as SetupName;
  throw usageError({
    what: `--agent knows no client "${oneLine(given, 40)}".`,
    next: `It knows: ${Object.keys(SETUPS).join(', ')}`,
  });
}

function parseCheck(given: string): CheckEdit {
  const [, name = '', run = ''] = /^([^=]+)=([\s\S]+)$/.exec(given) ?? [];
  if (name.trim() && run.trim()) return { name: name.trim(), run: run.trim() };
  throw usageError({ what: `--check takes <name>=<command>, not "${oneLine(given, 80)}".`, next: "Such as: --check 'test=npm test'" });
}

/** So many lines of what a failed try printed are shown. */
const LAST_LINES = 8;

async function tried(call: Call, repo: Repo, place: InitPlace, proposal: Proposal): Promise<CheckResult[]> {
  if (proposal.checks.length === 0) return [];
  call.io.note('Trying the proposed checks once (--no-try leaves that out):');
  const printed = new Map<string, string[]>();
  const results = await tryChecks(repo, {
    commit: place.tip,
    setup: proposal.setup === null ? null : { run: proposal.setup, inputs: proposal.setup_inputs },
    checks: proposal.checks,
    onStart: (name) => call.io.note(`  ${name} …`),
    onLine: (name, line) => printed.set(name, [...(printed.get(name) ?? []), line].slice(-LAST_LINES)),
  });
  for (const { name, status, detail } of results) {
    call.io.note(`  ${name}: ${status}. ${oneLine(detail)}`);
    if (status === 'passed') continue;
    for (const line of printed.get(name) ?? printed.get('set-up') ?? []) call.io.note(`    | ${oneLine(line, 200)}`);
    call.io.note(`    So the policy will have it with "required: false": it does not stop a closeout until that line is deleted.`);
  }
  return results;
}

/** A check that does not pass today must not stop every closeout: it is proposed as not required, with what came of it. */
function asEdit(check: { name: string; run: string }, result: CheckResult | undefined): CheckEdit {
  if (!result) return { ...check, comment: 'Proposed by init, and not tried.' };
  if (result.status === 'passed') return { ...check, comment: `Passed when init tried it. ${oneLine(result.detail)}` };
  const comment = `When init tried it: ${result.status}. ${oneLine(result.detail)}\nNot required until it passes: then delete the line "required".`;
  return { ...check, required: false, comment };
}
