/** The command table: names, summaries for the overview, and where each command is loaded from. Only the called one is loaded. */

import type { CommandSpec } from './command.ts';

export const SECTIONS = ['Begin', 'Work', 'Close', 'Audit', 'Care'] as const;

interface Row {
  section: (typeof SECTIONS)[number];
  summary: string;
  load(): Promise<{ command: CommandSpec }>;
}

/** Words that begin several commands, and what they are about. */
export const GROUPS = new Map([
  ['backup', 'a session as one file, for another machine'],
  ['hooks', 'the lifecycle by hand or by script'],
  ['memory', 'what agents of a session tell each other, and what a project has learned'],
  ['pattern', 'the reasoning bank: what sessions learned, measured by what came of it'],
]);

export const COMMANDS = new Map<string, Row>([
  ['init', { section: 'Begin', summary: 'Set up policy, approver and hooks in this repository', load: () => import('./commands/init.ts') }],
  ['start', { section: 'Begin', summary: 'Start a session on a topic', load: () => import('./commands/start.ts') }],
  ['status', { section: 'Begin', summary: 'Show where this session stands', load: () => import('./commands/status.ts') }],
  ['list', { section: 'Begin', summary: 'List sessions', load: () => import('./commands/list.ts') }],
  ['show', { section: 'Begin', summary: 'Show one session: tasks, artifacts, memory', load: () => import('./commands/show.ts') }],
  ['watch', { section: 'Begin', summary: 'Watch the running sessions live', load: () => import('./commands/watch.ts') }],
  ['sync', { section: 'Begin', summary: 'Bring a session together that others went on with', load: () => import('./commands/sync.ts') }],
  ['switch', { section: 'Begin', summary: 'Check out a session', load: () => import('./commands/switch.ts') }],
  ['abandon', { section: 'Begin', summary: 'Give a session up, keeping a way back', load: () => import('./commands/abandon.ts') }],
  ['undo', { section: 'Begin', summary: 'Take back what was done last', load: () => import('./commands/undo.ts') }],
  ['restore', { section: 'Begin', summary: 'Bring an abandoned session back', load: () => import('./commands/restore.ts') }],
  ['hooks pre-task', { section: 'Work', summary: 'Record that a task starts', load: () => import('./commands/hooks-pre-task.ts') }],
  ['hooks post-edit', { section: 'Work', summary: 'Record that a file was edited', load: () => import('./commands/hooks-post-edit.ts') }],
  [
    'hooks post-task',
    { section: 'Work', summary: 'Finish a task and commit its files', load: () => import('./commands/hooks-post-task.ts') },
  ],
  [
    'hooks session-end',
    { section: 'Work', summary: 'Commit what is left and draft the summary', load: () => import('./commands/hooks-session-end.ts') },
  ],
  ['memory store', { section: 'Work', summary: 'Store a value under a key', load: () => import('./commands/memory-store.ts') }],
  ['memory get', { section: 'Work', summary: 'Print the value of a key', load: () => import('./commands/memory-get.ts') }],
  ['memory list', { section: 'Work', summary: 'List keys', load: () => import('./commands/memory-list.ts') }],
  ['memory search', { section: 'Work', summary: 'Find keys and values', load: () => import('./commands/memory-search.ts') }],
  [
    'memory history',
    { section: 'Work', summary: 'Show who wrote a key, what and when', load: () => import('./commands/memory-history.ts') },
  ],
  ['memory stats', { section: 'Work', summary: 'Count keys, sizes and writers', load: () => import('./commands/memory-stats.ts') }],
  ['memory export', { section: 'Work', summary: 'Print memory as lines of JSON', load: () => import('./commands/memory-export.ts') }],
  ['memory import', { section: 'Work', summary: 'Take in lines that were exported', load: () => import('./commands/memory-import.ts') }],
  ['memory delete', { section: 'Work', summary: 'Delete a key', load: () => import('./commands/memory-delete.ts') }],
  ['pattern record', { section: 'Work', summary: 'Record something learned', load: () => import('./commands/pattern-record.ts') }],
  ['pattern list', { section: 'Work', summary: 'List the reasoning bank', load: () => import('./commands/pattern-list.ts') }],
  [
    'pattern show',
    {
      section: 'Work',
      summary: 'Show one pattern, its origin and how it served',
      load: () => import('./commands/pattern-show.ts'),
    },
  ],
  ['pattern search', { section: 'Work', summary: 'Find patterns by words', load: () => import('./commands/pattern-search.ts') }],
  [
    'pattern use',
    { section: 'Work', summary: 'Say that a pattern was used, and how it served', load: () => import('./commands/pattern-use.ts') },
  ],
  [
    'pattern merge',
    { section: 'Work', summary: 'Make one pattern of two that say the same', load: () => import('./commands/pattern-merge.ts') },
  ],
  ['route', { section: 'Work', summary: 'Say where a file belongs', load: () => import('./commands/route.ts') }],
  ['adopt', { section: 'Work', summary: 'Move a stray file into the session', load: () => import('./commands/adopt.ts') }],
  ['promote', { section: 'Work', summary: 'Move an artifact into the product', load: () => import('./commands/promote.ts') }],
  ['mcp', { section: 'Work', summary: 'Serve memory and session tools to an agent (MCP)', load: () => import('./commands/mcp.ts') }],
  [
    'bring-in',
    { section: 'Work', summary: "Merge a subagent's own branch into the session", load: () => import('./commands/bring-in.ts') },
  ],
  ['check', { section: 'Close', summary: 'Run the quality checks on what would land', load: () => import('./commands/check.ts') }],
  ['closeout', { section: 'Close', summary: 'Review, sign and land a session', load: () => import('./commands/closeout.ts') }],
  ['approve', { section: 'Close', summary: 'Approve a prepared or sealed session', load: () => import('./commands/approve.ts') }],
  ['reject', { section: 'Close', summary: 'Send a session back with reasons', load: () => import('./commands/reject.ts') }],
  ['reconcile', { section: 'Close', summary: 'Recognise sessions that landed elsewhere', load: () => import('./commands/reconcile.ts') }],
  ['log', { section: 'Audit', summary: 'Show the sessions that landed, and who approved them', load: () => import('./commands/log.ts') }],
  ['verify', { section: 'Audit', summary: 'Check a landed session against its signatures', load: () => import('./commands/verify.ts') }],
  ['report', { section: 'Audit', summary: 'Tell a session as a summary or a page', load: () => import('./commands/report.ts') }],
  ['why', { section: 'Audit', summary: 'Find the session behind a file or line', load: () => import('./commands/why.ts') }],
  [
    'config',
    { section: 'Care', summary: 'Show every setting, its value and where it comes from', load: () => import('./commands/config.ts') },
  ],
  ['doctor', { section: 'Care', summary: 'Find out what is wrong here, and mend it', load: () => import('./commands/doctor.ts') }],
  ['backup export', { section: 'Care', summary: 'Write a session to one file', load: () => import('./commands/backup-export.ts') }],
  ['backup import', { section: 'Care', summary: 'Take in a session from a file', load: () => import('./commands/backup-import.ts') }],
  ['gc', { section: 'Care', summary: 'Clear out of the trash what is old or kept elsewhere', load: () => import('./commands/gc.ts') }],
  [
    'uninstall',
    { section: 'Care', summary: 'Take git-session out of this repository again', load: () => import('./commands/uninstall.ts') },
  ],
  ['completion', { section: 'Care', summary: 'Print a completion script for a shell', load: () => import('./commands/completion.ts') }],
]);

/** The declaration of a command named in the table. */
export async function loadCommand(name: string): Promise<CommandSpec> {
  const row = COMMANDS.get(name);
  if (!row) throw new TypeError(`no command ${name}`);
  const { command } = await row.load();
  return command;
}
