import { EXIT, usageError } from '../../core/errors.ts';
import { POLICY_KEYS } from '../../core/policy/keys.ts';
import { fileJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { type Settings, settingsNow } from '../../lifecycle/settings.ts';
import { consented, forgetConsents } from '../../store/consents.ts';
import { POLICY_FILE } from '../../trust/approvers.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';
import { printForgotten, printRemarks, printSettings, sourceOf } from '../print/config.ts';

export const command: CommandSpec = {
  name: 'config',
  summary: 'Show every setting, its value and where it comes from',
  details:
    'Settings stand in .sessionrc.yaml and count as the policy branch has them; `git config gitsession.presence`, `gitsession.autoStart` and ' +
    '`gitsession.trashKeepDays` may make this clone stricter, never laxer. With a setting it prints that value alone, and its source on stderr; with the name ' +
    'of a group, such as land, its settings and what they do.\n\n' +
    'The file in the working tree is checked too: exit 1, with line and column, where it is not valid.\n\n' +
    'It also names the set-up commands of worktrees that a person let this clone run; --forget takes that back, and each is asked for again.',
  args: [{ spec: '[setting]', description: 'dotted name, such as routing.mode, or a group, such as routing' }],
  options: [{ flags: '--forget', description: 'take back every agreement of this clone to run a set-up of worktrees' }],
  examples: ['git session config', 'git session config presence', 'git session config checks.list --json', 'git session config --forget'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const [key] = call.args;
  const forget = flag(call, 'forget');
  if (forget && key !== undefined) throw usageError({ what: '--forget takes no setting: it takes back every agreement.' });
  const named = POLICY_KEYS.filter((one) => key === undefined || one === key || one.startsWith(`${key}.`));
  if (key !== undefined && named.length === 0) throw await unknown(key);
  const repo = await openRepo();
  const found = await settingsNow(repo);
  const before = consented(repo.commonDir);
  if (forget) forgetConsents(repo.commonDir);
  const settings = found.settings.filter((one) => named.includes(one.key));
  const setting = settings.find((one) => one.key === key);
  const { aboutSetting } = await import('../../trust/policy-schema.ts');
  io.json({
    branch: found.effective.branch,
    commit: found.effective.source,
    local: found.effective.local === null ? null : found.place,
    settings: settings.map((one) => ({ ...one, about: aboutSetting(one.key) })),
    personal: found.personal,
    file_here: found.here,
    agreed: forget ? [] : before,
    notes: found.notes,
  });
  if (forget) return printForgotten(io, before);
  if (setting) {
    if (!io.wantsJson) io.raw(typeof setting.value === 'string' ? `${setting.value}\n` : fileJson(setting.value));
    io.note(`${aboutSetting(setting.key)}.\nsource: ${sourceOf(setting, found.personal)}`);
  } else {
    printSettings(io, { ...found, settings });
    if (key !== undefined) for (const one of settings) io.note(`  ${one.key}  ${aboutSetting(one.key)}`);
    else {
      printRemarks(io, found);
      for (const one of before) io.note(`This clone has agreed to run in new worktrees: ${oneLine(one, 200)} (taken back by --forget)`);
    }
  }
  mistakes(call, found);
}

/** What is wrong with the file in the working tree makes the command fail, whatever is in force. */
function mistakes({ io }: Call, { here }: Settings): void {
  if (!here || here.mistakes.length === 0) return;
  io.note(`${io.paint('red', 'error:')} ${POLICY_FILE} in this working tree is not valid; what is shown above stays in force.`);
  for (const line of here.mistakes) io.note(`  ${line}`);
  process.exitCode = EXIT.state;
}

async function unknown(key: string): Promise<Error> {
  const { closest } = await import('../../trust/yaml-text.ts');
  const near = closest(key, POLICY_KEYS);
  return usageError({
    what: `There is no setting "${oneLine(key, 60)}".`,
    next: near ? `Did you mean: git session config ${near}` : 'See them all with: git session config',
  });
}
