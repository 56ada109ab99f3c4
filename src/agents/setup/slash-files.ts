/** Our slash commands as files of a client. The hook answers them before a model sees them; the text is for the case that no hook runs. Pure. */

const ABOUT = {
  start: { description: 'Start a git session on a topic', hint: '<topic>' },
  status: { description: 'Show where the git session stands', hint: '' },
  closeout: { description: 'Review the git session; then decide with yes, or no <reason>', hint: '[yes | no <reason>]' },
};

type SlashName = keyof typeof ABOUT;

const NOT_ANSWERED =
  'git-session did not answer this command, so its hooks do not run here. Say that to the person, with what sets them up: `git session init` in a terminal. Do nothing else.';

/** A Markdown command of Claude Code. */
export function slashFile(name: SlashName): string {
  const { description, hint } = ABOUT[name];
  const head = [
    '---',
    `description: ${description}`,
    ...(hint ? [`argument-hint: '${hint}'`] : []),
    'disable-model-invocation: true',
    '---',
  ];
  return `${[...head, NOT_ANSWERED].join('\n')}\n`;
}
