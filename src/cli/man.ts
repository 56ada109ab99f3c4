/** The manual page, made from the command table at build time: `git session --help` makes git run `man git-session`. */

import { COMMANDS, GROUPS, loadCommand, SECTIONS } from './table.ts';

const roff = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

/** The whole page in man(7) macros. */
export async function manPage(version: string): Promise<string> {
  const lines = [
    `.TH GIT\\-SESSION 1 "" "git\\-session ${version}" "Git Manual"`,
    '.SH NAME',
    'git\\-session \\- sessions of coding agents as git branches; a person signs the closeout',
    '.SH SYNOPSIS',
    '.B git session',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    roff(
      'A session is a branch. What agents make is commits on it, what they learn is an append-only log in the tree, and a person approves the closeout: one signed merge commit and one signed backup tag. Nothing else runs: no server, no daemon, no database.',
    ),
    '.SH COMMANDS',
  ];
  for (const section of SECTIONS) {
    lines.push(`.SS ${roff(section)}`);
    for (const [name, row] of COMMANDS) {
      if (row.section !== section) continue;
      const spec = await loadCommand(name);
      lines.push('.TP', `.B git session ${roff(name)} ${roff((spec.args ?? []).map((arg) => arg.spec).join(' '))}`.trimEnd());
      lines.push(`${roff(spec.summary)}.`);
      if (spec.details) lines.push('.IP', roff(spec.details.replaceAll('\n', ' ')));
      for (const option of spec.options ?? []) lines.push('.RS', '.TP', `.B ${roff(option.flags)}`, roff(option.description), '.RE');
      if (spec.json) lines.push('.RS', '.TP', '.B \\-\\-json', 'print the facts as JSON on stdout', '.RE');
    }
  }
  lines.push('.SH GROUPS');
  for (const [name, about] of GROUPS) lines.push('.TP', `.B ${name}`, roff(about));
  lines.push(
    '.SH EXIT STATUS',
    '0 done; 1 the state or the input does not allow it; 2 wrong usage; 3 declined, or a person is needed; 4 verification failed; 70 a bug.',
    '.SH ENVIRONMENT',
    '.TP',
    '.B GIT_SESSION_ID',
    'the session, where no session branch is checked out',
    '.TP',
    '.B GIT_SESSION_TASK, GIT_SESSION_AGENT',
    'the task and the agent that commits and records belong to',
    '.TP',
    '.B NO_COLOR',
    'no colour; FORCE_COLOR: colour in a pipe too, or none where it is 0',
    '.TP',
    '.B GIT_PAGER, PAGER',
    'what log, show and why are read with at a terminal, as git chooses it',
    '.TP',
    '.B CI',
    'nobody is asked (exit status 3), and nothing is shown about what goes on meanwhile',
    '.SH FILES',
    '.TP',
    '.B .sessionrc.yaml',
    'policy; read from the policy branch',
    '.TP',
    '.B .swarm/allowed_signers',
    'approvers',
    '.TP',
    '.B .git/git\\-session/',
    'what is kept on this machine alone; git session doctor says how it is',
    '.SH SEE ALSO',
    'git(1), git\\-branch(1), git\\-tag(1), ssh\\-keygen(1)',
  );
  return `${lines.join('\n')}\n`;
}
