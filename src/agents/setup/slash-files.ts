/** Our slash commands as files of a client. The hook answers them before a model sees them; the text is for the case that no hook runs. Pure. */

export const ABOUT = {
  start: { description: 'Start a git session on a topic', hint: '<topic>' },
  status: { description: 'Show where the git session stands', hint: '' },
  closeout: { description: 'Review the git session; then decide with yes, or with no and a reason', hint: '[yes | no <reason>]' },
};

export type SlashName = keyof typeof ABOUT;

export const SLASH_NAMES = Object.keys(ABOUT) as SlashName[];

const NOT_ANSWERED =
  'git-session did not answer this command, so its hooks do not run here. Say that to the person, with what sets them up: `git session init` in a terminal. Do nothing else.';

/** A Markdown command of Claude Code; as a skill of a plugin it is named too, and so has its bare name. */
export function slashFile(name: SlashName, options: { named?: boolean } = {}): string {
  const { description, hint } = ABOUT[name];
  const named = options.named ? [`name: session-${name}`] : [];
  return markdown([
    ...named,
    `description: ${description}`,
    ...(hint ? [`argument-hint: '${hint}'`] : []),
    'disable-model-invocation: true',
  ]);
}

/** A skill, which has its name in its head. */
export function skillFile(name: SlashName): string {
  return markdown([`name: session-${name}`, `description: ${ABOUT[name].description}. For the person to call, not for agents.`]);
}

/** A command of a client that reads no head. */
export const plainFile = (name: SlashName) => `${ABOUT[name].description}.\n\n${NOT_ANSWERED}\n`;

const markdown = (head: string[]) => `${['---', ...head, '---', NOT_ANSWERED].join('\n')}\n`;
