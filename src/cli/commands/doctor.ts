import { EXIT } from '../../core/errors.ts';
import { visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { type Diagnosis, diagnose } from '../../lifecycle/doctor/index.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';
import { printDiagnosis } from '../print/doctor.ts';

export const command: CommandSpec = {
  name: 'doctor',
  summary: 'Find out what is wrong here, and mend it',
  details:
    'Looks for itself: at git and Node, worktrees, hooks (with commits in a throwaway worktree, of which nothing stays), your signing key, policy and ' +
    'approvers, connected agents, the records of open sessions, private state, and what the remote lacks. A key that wants a touch or a passphrase is ' +
    'announced first, and left out without a terminal.\n\n' +
    '--fix mends what is safe, and says each thing: hooks that are not active, the way to a Node that was moved, our entries in settings of agents that ' +
    'were changed in this checkout, locks of dead processes; errors of hooks are put aside. Exit 1 where something is wrong that was not mended; warnings are no failure.',
  options: [{ flags: '--fix', description: 'mend what can be mended safely' }],
  examples: ['git session doctor', 'git session doctor --fix'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const at = {
    repo: await openRepo(),
    now: new Date(),
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
    tell: (line: string) => io.note(io.paint('dim', visible(line))),
  };
  const findings = await diagnose(at, flag(call, 'fix'), (found) => printDiagnosis(io, found));
  const counts = countsOf(findings);
  io.json({ healthy: counts.fail === 0, counts, findings });
  io.say(told(counts));
  if (findings.some(({ health, mended }) => health === 'fail' && mended === null)) process.exitCode = EXIT.state;
}

function countsOf(findings: readonly Diagnosis[]) {
  const of = (health: Diagnosis['health']) => findings.filter((row) => row.health === health && row.mended === null).length;
  return {
    ok: of('ok'),
    warn: of('warn'),
    fail: of('fail'),
    skipped: of('skipped'),
    mended: findings.filter((row) => row.mended !== null).length,
  };
}

function told({ ok, warn, fail, skipped, mended }: ReturnType<typeof countsOf>): string {
  const parts = [
    `${ok} ok`,
    ...(warn > 0 ? [`${warn} worth a look`] : []),
    ...(fail > 0 ? [`${fail} wrong`] : []),
    ...(skipped > 0 ? [`${skipped} not looked at`] : []),
    ...(mended > 0 ? [`${mended} mended`] : []),
  ];
  return `\n${parts.join(', ')}.`;
}
