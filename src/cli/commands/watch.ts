import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { followSessions } from '../../lifecycle/session/follow-sessions.ts';
import { type CommandSpec, flag } from '../command.ts';
import type { Io } from '../io.ts';
import { wantsPlain, withoutCi } from '../screens.ts';

export const command: CommandSpec = {
  name: 'watch',
  summary: 'Watch the running sessions live',
  details:
    'Shows the open sessions of this clone with their agents at work, last edits, memory and checks, and follows what is recorded. It reads only. ' +
    'Outside a terminal, with --plain, on a simple terminal or for a screen reader it prints what is there, and then a line for each new record, until it is ended.',
  options: [{ flags: '--plain', description: 'plain lines instead of a screen' }],
  examples: ['git session watch', 'git session watch --plain'],
  follows: () => true,
  run: async (call) => {
    const repo = await openRepo();
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    if (!terminal || wantsPlain(flag(call, 'plain'))) return watchPlainly(repo, call.io);
    const { watchOnTerminal } = await withoutCi(() => import('../../tui/watch.ts'));
    return watchOnTerminal(repo);
  },
};

async function watchPlainly(repo: Repo, io: Io): Promise<void> {
  const { recordText, watchLines } = await import('../../tui/watch-lines.ts');
  let first = true;
  await followSessions(repo, {
    signal: new AbortController().signal,
    onChange: (sessions, added) => {
      if (first) {
        const lines = watchLines({ sessions, opened: new Set(), width: io.width, now: Date.now() });
        for (const line of lines)
          io.say(
            line
              .draw()
              .map(({ text }) => text)
              .join('')
              .trimEnd(),
          );
        io.say();
      }
      first = false;
      const topics = new Map(sessions.map(({ session }) => [session.id, session.metadata.topic]));
      for (const record of added) {
        const text = recordText(record, topics.get(record.session) ?? record.session);
        if (text !== null) io.say(text);
      }
    },
  });
}
