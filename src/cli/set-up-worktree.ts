/** The policy's set-up command in a new worktree. It is code of the repository, so a person of this clone agrees to its exact text once. */

import { oneLine, visible } from '../core/text/text.ts';
import { readStatus } from '../git/porcelain.ts';
import { repoAt } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import { hasConsent, keepConsent } from '../store/consents.ts';
import { noPerson } from '../trust/presence.ts';
import { askYesNo, nobodyToAsk } from './ask.ts';
import type { Io } from './io.ts';
import { runLive } from './run-live.ts';

export interface SetUpFacts {
  command: string;
  status: 'passed' | 'failed' | 'not run';
  exit_code: number | null;
  /** Why it was not run, or how it ended; null where it passed. */
  why: string | null;
}

export interface SetUpWish {
  top: string;
  /** Null: the policy has none. */
  command: string | null;
  /** `yes`: the person agrees (--yes). `no`: it is not wanted now (--no-setup). */
  answer: 'yes' | 'no' | 'ask';
  /** Who starts the session is an agent by name. */
  agent: boolean;
}

/** Runs it, or says why not and what a person can do. The worktree stays whatever comes of it; null where the policy has no command. */
export async function setUpWorktree(io: Io, repo: Repo, { top, command, answer, agent }: SetUpWish): Promise<SetUpFacts | null> {
  if (command === null) return null;
  const why = await whyNot(io, repo, command, answer, agent);
  if (why !== null) {
    io.note(`The set-up was not run: ${why}`);
    byHand(io, top, command);
    return { command, status: 'not run', exit_code: null, why };
  }
  io.note(`Setting it up: ${oneLine(command, 200)}`);
  const { code, ended } = await runLive(command, top);
  const changed = (await readStatus(repoAt(repo, top))).map(({ path }) => oneLine(path, 80));
  if (changed.length > 0)
    io.note(`note: After the set-up there is something uncommitted: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ', …' : ''}`);
  if (code === 0) {
    io.note('Set up.');
    return { command, status: 'passed', exit_code: 0, why: null };
  }
  io.note(`${io.paint('red', 'The set-up failed')}: it ${ended}. The session stands; mend what it names and run it again.`);
  byHand(io, top, command);
  return { command, status: 'failed', exit_code: code, why: `it ${ended}` };
}

/** A sentence; null where it may run. */
async function whyNot(io: Io, repo: Repo, command: string, answer: SetUpWish['answer'], agent: boolean): Promise<string | null> {
  if (answer === 'no') return 'It was not wanted (--no-setup).';
  if (hasConsent(repo.commonDir, command)) return null;
  const other = noPerson(process.env) ?? (agent ? 'An agent starts the session.' : null);
  if (other) return `${other} Only a person agrees to it the first time.`;
  if (answer === 'ask') {
    const nobody = nobodyToAsk();
    if (nobody) return `${nobody} This clone has not agreed to it yet (--yes does).`;
    io.note('The policy runs this in new worktrees, with your rights:');
    for (const line of visible(command, '\n').split('\n')) io.note(`  ${line}`);
    io.note('A yes is taken back with: git session config --forget');
    if (!(await askYesNo('Run it now, and from now on in this clone?'))) return 'You said no.';
  }
  keepConsent(repo.commonDir, command);
  return null;
}

function byHand(io: Io, top: string, command: string): void {
  io.note(`  in   ${visible(top)}`);
  for (const [n, line] of visible(command, '\n').split('\n').entries()) io.note(`  ${n === 0 ? 'run  ' : '     '}${line}`);
}
