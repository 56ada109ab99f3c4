import { SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { personError, usageError } from '../../core/errors.ts';
import { oneLine, visible } from '../../core/text.ts';
import { openRepo } from '../../git/repo.ts';
import { initPlace } from '../../lifecycle/init-place.ts';
import { planUninstall, runUninstall } from '../../lifecycle/uninstall.ts';
import { askYesNo, canAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag, texts } from '../command.ts';

export const command: CommandSpec = {
  name: 'uninstall',
  summary: 'Take the connection to a client of agents out again',
  details:
    'Shows what it would take out and asks; --yes accepts. Our entries go from the settings of the client, every other byte stays, and files that ' +
    'held nothing else are removed; in one commit on the policy branch. Sessions, policy and git hooks stay as they are.',
  options: [
    { flags: '--agent <client>', description: `the client (${Object.keys(SETUPS).join(', ')}); may be given several times`, many: true },
    { flags: '-y, --yes', description: 'accept the plan' },
  ],
  examples: ['git session uninstall --agent claude'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const clients = clientsOf(call);
  const yes = flag(call, 'yes');
  if (!yes && !canAsk()) throw personError({ what: 'There is no terminal to ask.', next: 'Accept the plan with: --yes' });
  const repo = await openRepo();
  const plan = await planUninstall(repo, await initPlace(repo), clients);
  for (const { path, after } of plan.changes) io.say(`  ${after === null ? 'remove' : 'change'} ${visible(path)}`);
  if (plan.changes.length > 0 && !yes && !(await askYesNo('Accept?'))) throw personError({ what: 'Declined: nothing was changed.' });
  const commit = await runUninstall(repo, plan);
  io.json({
    branch: plan.place.branch,
    commit,
    files: plan.changes.map(({ path, after }) => ({ path, change: after === null ? 'remove' : 'change' })),
  });
  io.say(commit === null ? 'Nothing of these clients is connected here.' : `Committed ${commit.slice(0, 10)} on ${plan.place.branch}.`);
}

function clientsOf(call: Call): SetupName[] {
  const given = texts(call, 'agent');
  const known = Object.keys(SETUPS).join(', ');
  if (given.length === 0) throw usageError({ what: 'Which client?', next: `git session uninstall --agent <client>   (${known})` });
  const unknown = given.find((name) => !Object.hasOwn(SETUPS, name));
  if (unknown === undefined) return given as SetupName[];
  throw usageError({ what: `--agent knows no client "${oneLine(unknown, 40)}".`, next: `It knows: ${known}` });
}
