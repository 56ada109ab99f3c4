import { stateError } from '../../core/errors.ts';
import type { SessionState } from '../../core/session/metadata.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import type { Imported } from '../../lifecycle/backup.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { restoreSession } from '../../lifecycle/restore.ts';
import { loadSession, type Meant, resolveSession, type Session } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { planStart } from '../../lifecycle/start/start-plan.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, SESSION_WORDS, text } from '../command.ts';
import { whileSlow } from '../progress.ts';
import { fileNamed, isBundle, startFromBackup, takeIn } from '../restore-file.ts';
import { SETUP_OPTIONS, startAndTell, tellStarted, worktreeOf } from '../start-run.ts';

export const command: CommandSpec = {
  name: 'restore',
  summary: 'Bring an abandoned session back',
  details:
    'The session branch stands again, from the trash, from its backup tag where the branch is gone, or from a bundle (git session backup export); nothing ' +
    'is checked out. An abandoned session is active again; a sealed one waits as it did. A closed session is never opened again: with --continue <topic> a ' +
    'new session starts that continues it.\n\n' +
    'From a backup alone (.swarm/backups/<id>.json) a new session starts that continues the one it is of, with its goal and memory. Commits and artifacts ' +
    'are not in a backup.',
  args: [{ spec: '<session>', description: `${SESSION_WORDS}; or a file: a bundle, or a backup` }],
  options: [
    { flags: '--continue <topic>', description: 'start a new session that goes on where a closed one, or the one of a backup, ended' },
    { flags: '--goal <text>', description: 'goal of the new session' },
    { flags: '--worktree [path]', description: 'start the new session in a linked worktree' },
    ...SETUP_OPTIONS,
  ],
  examples: [
    'git session restore 20251117-143022',
    'git session restore 20251117-143022 --continue auth-token-rotation',
    'git session restore /media/stick/auth.bundle',
    'git session restore session-20251117-143022-auth.json',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  const file = fileNamed(call.args[0] ?? '');
  if (file && !isBundle(file)) return fromBackup(call, repo, file);
  const taken = file ? await takeIn(repo, file) : null;
  const { session } =
    taken ?? (await catchUp(repo, await resolveSession(repo, call.args[0], meantBy(repo, text(call, 'continue') !== undefined))));
  const imported = taken?.refs ?? null;
  for (const { ref, made } of imported ?? []) call.io.say(`${made ? 'made ' : 'here '}  ${oneLine(ref, 120)}`);
  const state = await deriveState(repo, session);
  const topic = text(call, 'continue');
  if (topic !== undefined) {
    if (state !== 'closed')
      throw stateError({
        what: `${session.id} is ${state}; only a closed session is continued by a new one.`,
        next: `Leave --continue out, or start one from it: git session start <topic> --from ${session.id}`,
      });
    return continueIn(call, repo, session, topic, imported);
  }
  const isHere = imported?.some(({ made }) => made) === true && !session.ref.startsWith('refs/git-session/') && state !== 'abandoned';
  const onlyTag = state === 'sealed' && session.ref.startsWith('refs/tags/');
  const restored =
    isHere && !onlyTag ? null : await whileSlow('Restoring the session…', restoreSession(repo, session, state, actorOf(call)));
  const now = (await loadSession(repo, session.id)) ?? session;
  call.io.json({ restored: sessionFacts(now, restored?.state ?? state), started: null, imported, backup: null });
  tell(call, now, restored?.state ?? state);
}

/** What it can do something for: a closed session is continued, others come back. */
function meantBy(repo: Repo, continues: boolean): Meant {
  return async (session) => {
    const state = await deriveState(repo, session);
    if (continues) return state === 'closed';
    return state === 'abandoned' || (state === 'sealed' && session.ref.startsWith('refs/tags/'));
  };
}

function tell({ io }: Call, { id, branch }: Session, state: SessionState): void {
  if (state === 'closed') {
    io.say(`${io.paint('bold', id)} is closed: its tag is here, and it is not opened again.`);
    io.note(`Go on in a new session: git session restore ${id} --continue <topic>`);
    return;
  }
  io.say(`Restored ${io.paint('bold', id)}`);
  io.say(`  branch     ${branch}`);
  if (state === 'sealed') io.note('It is sealed, and waits for its approval or its landing.');
  io.note(`Check it out with: git session switch ${id}`);
}

async function continueIn(call: Call, repo: Repo, session: Session, topic: string, imported: Omit<Imported, 'id'>[] | null): Promise<void> {
  const now = new Date();
  const plan = await planStart(repo, { ...requested(call), topic, from: session.id }, now);
  call.io.json({ restored: null, started: await startAndTell(call, repo, plan, now, topic), imported, backup: null });
}

async function fromBackup(call: Call, repo: Repo, file: string): Promise<void> {
  const topic = text(call, 'continue');
  const { plan, run, backup } = await startFromBackup(repo, file, { ...requested(call), topic });
  const started = await tellStarted(call, repo, plan, run, topic ?? plan.topic);
  call.io.json({ restored: null, started, imported: null, backup });
  call.io.say(`\nFrom the backup of ${backup.session} alone: its goal, and ${count(backup.entries, 'entry', 'entries')} of its memory`);
  if (backup.left_out > 0) call.io.say(`  ${backup.left_out} more are here already, newer here, deleted here, or have expired`);
  call.io.note(
    `Commits and artifacts are not in a backup: the ${count(backup.artifacts, 'artifact')} and ${count(backup.workspace, 'workspace change')} that it names ` +
      `come back only with a clone, a tag or a bundle that has them.`,
  );
}

/** What a new session is asked for. */
function requested(call: Call) {
  return { goal: text(call, 'goal'), actor: actorOf(call), worktree: worktreeOf(call) };
}
