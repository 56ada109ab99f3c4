import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { pageOf, readReport } from '../../closeout/landed/report.ts';
import { stateError, usageError } from '../../core/errors.ts';
import { BEGINNING } from '../../core/report/page.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { writeAtomic } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { type Call, type CommandSpec, flag, SESSION_ARG, text } from '../command.ts';
import { whileSlow } from '../progress.ts';
import { VERSION } from '../version.ts';

export const command: CommandSpec = {
  name: 'report',
  summary: 'Tell a session as a summary or a page',
  details:
    'Prints the summary as Markdown. With --html it writes one page with timeline, artifacts, checks, memory, patterns and approval: a single file without scripts, ' +
    'which loads nothing from elsewhere and prints well. Of a closed session it tells what was sealed, and what verify finds now; of an open one how it stands.',
  args: [SESSION_ARG],
  options: [
    { flags: '--html', description: 'write a page' },
    { flags: '-o, --output <file>', description: 'where to; - is standard output (default: .git/git-session/reports/<id>.html)' },
  ],
  examples: [
    'git session report',
    'git session report 20251117-143022 --html',
    'git session report 20251117-143022 --html -o - > page.html',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const [page, output] = [flag(call, 'html'), text(call, 'output')];
  if (output !== undefined && !page) throw usageError({ what: '--output says where the page goes.', next: 'Add --html.' });
  if (output === '-' && io.wantsJson) throw usageError({ what: 'Page and JSON cannot both go to standard output.', next: 'Name a file.' });
  const repo = await openRepo();
  const { session, note } = await catchUp(repo, await resolveSession(repo, args[0]));
  if (note) io.note(visible(note));
  const file =
    page && output !== '-' ? (output === undefined ? privatePaths(repo.commonDir).report(session.id) : resolve(repo.cwd, output)) : null;
  if (file !== null) refuseOther(file);
  const asked = { now: new Date(), version: VERSION, onPinned: (line: string) => io.note(visible(line)) };
  const { facts, summary } = await whileSlow('Reading the session…', readReport(repo, session, asked));
  if (file !== null) writeAtomic(file, pageOf(facts));
  io.json({
    ...{ session: session.id, state: facts.state, page: file, verdict: facts.audit?.verdict ?? null },
    ...{ findings: facts.audit?.findings ?? [], summary, metrics: facts.metrics },
  });
  if (page && file === null) io.raw(pageOf(facts));
  else if (file !== null) io.say(`Written: ${oneLine(file, 400)}`);
  else if (process.stdout.isTTY && !io.wantsJson) io.say(visible(summary.trimEnd(), '\n'));
  else if (!io.wantsJson) io.raw(summary);
}

/** Throws (exit 1) where something else than a report lies at that place. */
function refuseOther(file: string): void {
  if (!existsSync(file)) return;
  const wanted = Buffer.from(BEGINNING);
  const found = Buffer.alloc(wanted.length);
  try {
    const fd = openSync(file, 'r');
    readSync(fd, found, 0, found.length, 0);
    closeSync(fd);
  } catch {
    // A folder, say: no report either.
  }
  if (found.equals(wanted)) return;
  throw stateError({ what: `${oneLine(file, 400)} is there already, and is no report.`, next: 'Name another file with --output.' });
}
