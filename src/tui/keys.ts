/** Keys by name, and what they do where: the footer, the help and the program read this one table. Pure. */

/** A key as Ink reports it. */
export interface InkKey {
  upArrow?: boolean;
  downArrow?: boolean;
  leftArrow?: boolean;
  rightArrow?: boolean;
  pageDown?: boolean;
  pageUp?: boolean;
  home?: boolean;
  end?: boolean;
  return?: boolean;
  escape?: boolean;
  ctrl?: boolean;
  shift?: boolean;
  tab?: boolean;
  backspace?: boolean;
  delete?: boolean;
  meta?: boolean;
}

/** One name for a key: `up`, `page-down`, `enter`, `ctrl-c`, or the character itself; empty for what has none. */
export function keyName(input: string, key: InkKey): string {
  if (key.ctrl) return input === 'c' || input === 'd' ? 'ctrl-c' : '';
  const named: [boolean | undefined, string][] = [
    [key.upArrow, 'up'],
    [key.downArrow, 'down'],
    [key.leftArrow, 'left'],
    [key.rightArrow, 'right'],
    [key.pageUp, 'page-up'],
    [key.pageDown, 'page-down'],
    [key.home, 'home'],
    [key.end, 'end'],
    [key.return, 'enter'],
    [key.tab, key.shift ? 'back-tab' : 'tab'],
    [key.escape, 'escape'],
  ];
  return named.find(([is]) => is)?.[1] ?? ALIASES[input] ?? (key.meta ? '' : input);
}

const ALIASES: Record<string, string> = {
  j: 'down',
  k: 'up',
  g: 'home',
  G: 'end',
  ' ': 'page-down',
  b: 'page-up',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
};

export interface KeyHelp {
  /** As it is shown. */
  key: string;
  /** Two words at most: the footer. */
  does: string;
  /** One sentence: the help. */
  more: string;
}

export const KEYS = {
  approve: { key: 'a', does: 'approve', more: 'Approve: asks yes or no. Possible once every required check has passed.' },
  reject: { key: 'r', does: 'send back', more: 'Send the session back with reasons that its agents will see.' },
  edit: { key: 'e', does: 'edit summary', more: 'Open the summary in your editor. The seal marks it as edited.' },
  leave: { key: 'q', does: 'leave', more: 'Leave: nothing is decided. Ctrl-C does the same.' },
  help: { key: '?', does: 'keys', more: 'Show or hide this page.' },
  screens: { key: '1-7', does: 'screens', more: 'Go to a screen by its number; Tab, Shift-Tab, left and right go to the next one.' },
  move: {
    key: '\u2191\u2193',
    does: 'move',
    more: 'Move up and down; j and k do too. Space and b, or PgDn and PgUp, by a page; g and G to the ends.',
  },
  open: { key: 'Enter', does: 'open', more: "Open a file's diff, a check's output, a value; fold and unfold a folder." },
  since: { key: 's', does: 'since/all', more: 'Files: show only what changed since the review that was sent back, or all.' },
  again: { key: 't', does: 'run again', more: 'Checks: run the chosen check once more.' },
  editPattern: { key: 'e', does: 'edit', more: 'Patterns: open the chosen one as JSON in your editor.' },
  drop: { key: 'd', does: 'drop/keep', more: 'Patterns: drop the chosen one, or keep it again.' },
  note: { key: 'c', does: 'note', more: 'In a diff: note a reason at this line; it is sent with r, never with a yes.' },
  back: { key: 'Esc', does: 'back', more: 'Close what is open, or take back a question.' },
  scroll: { key: '\u2190\u2192', does: 'sideways', more: 'In a diff or an output: scroll sideways.' },
} as const satisfies Record<string, KeyHelp>;
