/** `agent <client> <event>`: one payload on standard input, one answer on standard output. Every edit and write is handled here; the rest loads more. */

import { join } from 'node:path';
import type { Adapter, Answer, ChatEvent } from '../agents/event.ts';
import { type ClientName, clientNamed } from '../agents/index.ts';
import { oneLine } from '../core/text/text.ts';
import { type Located, locate } from '../git/locate.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { keepError } from '../store/hook-errors.ts';
import { loadGate } from './load-gate.ts';
import { readPayload } from './payload.ts';
import { recordEdits } from './post-edit.ts';
import { isUsed } from './used.ts';

/** `import`, of the entry: see there. */
declare const loadModule: (url: string) => Promise<unknown>;

/** What the bundle beside this one takes on. */
export interface ChatModule {
  handle(client: ClientName, adapter: Adapter, event: ChatEvent): Promise<Answer>;
}

/** Writes the answer, if there is one. Never throws: an error of ours is kept, and only a write that could not be judged is refused for it. */
export async function agentHook([name = '', event = '']: string[]): Promise<void> {
  const found = clientNamed(name);
  if (!found) return;
  let said: ReturnType<Adapter['read']> = null;
  try {
    const payload = await readPayload();
    if (!payload) throw new Error('the payload is no JSON object');
    said = found.adapter.read(event, payload);
    if (said === 'unclear') throw new Error('the payload does not say which call it is of');
    const answer = said ? await answerTo(found, said) : {};
    if (answer === null) leave();
    say(found.adapter, event, answer);
  } catch (error) {
    say(found.adapter, event, afterFailure(found, event, said, error));
  }
}

/**
 * Nothing to say and nothing open: leaving at once spares node its tidying up. This is what `process.exit` comes down to; what stands before
 * it there, listeners that nobody has added, takes half a millisecond when it is first run.
 */
function leave(): never {
  const { reallyExit } = process as { reallyExit?: (code: number) => never };
  return reallyExit ? reallyExit.call(process, 0) : process.exit();
}

function say(adapter: Adapter, event: string, answer: Answer): void {
  const text = adapter.write(event, answer);
  if (answer.fail !== undefined) {
    process.stderr.write(`${answer.fail}\n`);
    process.exitCode = FAILS;
  }
  if (text === '') return;
  // A client that has gone needs no answer.
  process.stdout.on('error', () => {});
  process.stdout.write(`${text}\n`);
}

/** What the hook's script takes as a failure of the event; every other code lets the client go on. */
const FAILS = 3;

/** Keeps the error, and refuses what must not happen unjudged: a write, or what may be one. */
function afterFailure(
  { client, adapter }: { client: ClientName; adapter: Adapter },
  event: string,
  said: ReturnType<Adapter['read']>,
  error: unknown,
): Answer {
  const known = said === 'unclear' ? null : said;
  const place = placeOf(known?.cwd);
  if (place) keepError(place.commonDir, `agent ${client} ${event}`, error);
  if (known?.kind === 'worktree-remove')
    return { fail: 'git-session failed, so the worktree stays (git-session/errors.jsonl in the git dir has the reason).' };
  const gates = adapter.gates.includes(event) && (known === null || known.kind === 'before-write');
  return place && gates && isUsed(place) ? { deny: refusal(error) } : {};
}

function placeOf(cwd: string | undefined): Located | null {
  try {
    return locate(cwd ?? process.cwd(), {});
  } catch {
    return null;
  }
}

function refusal(error: unknown): string {
  const why = oneLine(error instanceof Error ? error.message : String(error), 300);
  return `git-session could not judge this call, so it was not made; nothing has changed. Why: ${why}. Tell the person, who sees with "git session doctor" what is wrong; git-session/errors.jsonl in the git dir has all of it.`;
}

/** Null where there is nothing to say and nothing was loaded that could have left something to do. */
async function answerTo({ client, adapter }: { client: ClientName; adapter: Adapter }, event: ChatEvent): Promise<Answer | null> {
  if (event.kind === 'before-write') return loadGate().answerWrite(event);
  if (event.kind === 'before-shell') {
    const place = locate(event.cwd, {});
    const why = place && isUsed(place) ? loadGate().guardShell(event.command, compiledPolicy(place.commonDir).presence) : null;
    return why === null ? null : { deny: why };
  }
  if (event.kind === 'after-write') {
    const edited = recordEdits({ client, name: adapter.name }, event);
    if (!edited.some(({ policy }) => policy.checkpoint === 'edit')) return null;
  }
  return (await chatModule()).handle(client, adapter, event);
}

function chatModule(): Promise<ChatModule> {
  // Not known to the bundler: it is a bundle of its own, with everything that a session can do.
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return loadModule(pathToFileURL(join(__dirname, 'chat.mjs')).href) as Promise<ChatModule>;
}
