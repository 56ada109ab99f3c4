import { SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { personError, SessionError, usageError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { initPlace } from '../../lifecycle/init/place.ts';
import { planAgents } from '../../lifecycle/uninstall/agents.ts';
import { clearHere, isBare } from '../../lifecycle/uninstall/here.ts';
import { holdsMore } from '../../lifecycle/uninstall/holdings.ts';
import { commitTakenOut, planUninstall, type UninstallPlan } from '../../lifecycle/uninstall/uninstall.ts';
import { agentAround } from '../../trust/presence.ts';
import { announcement } from '../../trust/signing.ts';
import { askYesNo, nobodyToAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag, texts } from '../command.ts';
import { extentOf } from '../print/file-change.ts';
import { loss, printFiles, printStays, printUninstall, uninstallFacts } from '../print/uninstall.ts';

export const command: CommandSpec = {
  name: 'uninstall',
  summary: 'Take git-session out of this repository again',
  details:
    'Shows what it would take out and asks; --yes accepts. One commit on the policy branch puts every file back that init made or changed, byte ' +
    'for byte; where a file was changed since, only what is ours in it goes. In this clone the configuration that init set goes back, the git hooks ' +
    'go off, and the private state in .git/git-session is removed; what it holds that no commit has is named first, and asked about at a terminal ' +
    'also with --yes. Sessions, tags and the log stay, for git alone to read.\n\n' +
    'Where approvers are named, a person does this, and the commit is signed by an approver, as by init. With --agent only these clients are ' +
    'taken out of their settings.',
  options: [
    { flags: '-y, --yes', description: 'accept the plan' },
    { flags: '--dry-run', description: 'show the plan with every changed line of files that stay, and change nothing' },
    { flags: '--local', description: 'clear this clone only: nothing that is tracked changes' },
    {
      flags: '--agent <client>',
      description: `only this client (${Object.keys(SETUPS).join(', ')}); may be given several times`,
      many: true,
    },
  ],
  examples: ['git session uninstall', 'git session uninstall --local', 'git session uninstall --agent claude'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const clients = clientsOf(call);
  const [yes, dry, local] = [flag(call, 'yes'), flag(call, 'dryRun'), flag(call, 'local')];
  if (clients.length > 0 && local) throw usageError({ what: '--local and --agent do not go together.' });
  const repo = await openRepo();
  const nobody = nobodyToAsk();
  if (!yes && !dry && nobody) throw unaccepted(nobody, clients.length > 0 ? null : await takesPerson(repo, local));
  if (clients.length > 0) return takeClients(call, repo, clients, { yes, dry });
  await takeAll(call, repo, { yes, dry, local });
}

/** `person`: why `--yes` would not do here, as a sentence; null where it would. */
function unaccepted(nobody: string, person: string | null): SessionError {
  const how = person ? 'yourself, in a terminal that neither an agent nor CI started,' : 'with --yes';
  return personError({
    what: 'Nobody accepted the plan, so nothing was changed.',
    why: person ? `${nobody} ${person}` : nobody,
    next: `Run the same command with --dry-run to see the plan, and ${how} to accept it.`,
  });
}

async function takesPerson(repo: Repo, local: boolean): Promise<string | null> {
  try {
    const { here } = await planUninstall(repo, { local, dry: false });
    return holdsMore(here.holds) ? 'The private state holds what no commit has, which goes only by a person’s word.' : null;
  } catch (error) {
    if (error instanceof SessionError && error.kind === 'person') return 'Approvers are named here, so a person decides this.';
    throw error;
  }
}

interface Answers {
  yes: boolean;
  dry: boolean;
}

async function takeClients({ io }: Call, repo: Repo, clients: readonly SetupName[], { yes, dry }: Answers): Promise<void> {
  const place = await initPlace(repo);
  const files = await planAgents(repo, place.tip, clients);
  printFiles(io, place, files, extentOf({ yes, dry }));
  const commit = files.length === 0 || dry ? null : await accepted(yes, () => commitTakenOut(repo, place, files, subjectOf(clients), null));
  io.json(uninstallFacts({ place, files, here: null, notes: [] }, commit));
  if (files.length === 0) io.say('Nothing of these clients is connected here.');
  if (commit) io.say(`Committed ${commit.slice(0, 10)} on ${place.branch}.`);
}

async function takeAll({ io }: Call, repo: Repo, { yes, dry, local }: Answers & { local: boolean }): Promise<void> {
  const plan = await planUninstall(repo, { local, dry });
  const { place, files, here, signer } = plan;
  if (files.length === 0 && isBare(repo, here)) {
    if (!dry) await clearHere(repo, here);
    io.say('Nothing of git-session is set up here.');
    return io.json(uninstallFacts(plan, null));
  }
  printUninstall(io, plan, extentOf({ yes, dry }));
  if (dry) return io.json(uninstallFacts(plan, null));
  if (!yes || holdsMore(here.holds)) await agree(plan, yes);
  const asks = signer && announcement(signer, 'the commit');
  if (asks) io.note(asks);
  const commit = place && files.length > 0 ? await commitTakenOut(repo, place, files, 'Take git-session out', signer) : null;
  await clearHere(repo, here);
  io.json(uninstallFacts(plan, commit));
  if (commit && place) io.say(`Committed ${commit.slice(0, 10)} on ${place.branch}${signer ? ', signed' : ''}.`);
  io.say('git-session is out of this clone.');
  printStays(io, plan);
}

/** What exists nowhere else goes only by a person's own word: `--yes` accepts a plan, not a loss. One question for both. */
async function agree({ here }: UninstallPlan, yes: boolean): Promise<void> {
  const loses = holdsMore(here.holds);
  const question = !loses
    ? 'Accept?'
    : yes
      ? 'Remove for good what exists only here?'
      : 'Accept, and remove for good what exists only here?';
  if (nobodyToAsk() === null && !(loses && agentAround(process.env))) {
    if (await askYesNo(question)) return;
    throw personError({ what: 'Declined: nothing was changed.' });
  }
  throw personError({
    what: 'The private state holds what no commit has, so nothing was changed.',
    why: [...loss(here.holds), ...(nobodyToAsk() ?? '').split('\n').filter(Boolean)].join('\n'),
    next: `${here.holds.records.length + here.holds.checkpoints > 0 ? 'Commit the records of each open session: git session hooks session-end --session <id>\n' : ''}Or run the command yourself in a terminal that neither an agent nor CI started, which asks.`,
  });
}

async function accepted(yes: boolean, act: () => Promise<string | null>): Promise<string | null> {
  if (!yes && !(await askYesNo('Accept?'))) throw personError({ what: 'Declined: nothing was changed.' });
  return act();
}

const subjectOf = (clients: readonly SetupName[]) => `Take git-session out of ${clients.map((name) => SETUPS[name].name).join(', ')}`;

function clientsOf(call: Call): SetupName[] {
  const given = texts(call, 'agent');
  const unknown = given.find((name) => !Object.hasOwn(SETUPS, name));
  if (unknown === undefined) return given as SetupName[];
  throw usageError({
    what: `--agent knows no client "${oneLine(unknown, 40)}".`,
    next: `It knows: ${Object.keys(SETUPS).join(', ')}`,
  });
}
