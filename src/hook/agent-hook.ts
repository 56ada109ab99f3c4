/** `agent <client> <event>`: one payload on standard input, one answer on standard output. Every edit and write is handled here; the rest loads more. */

import { join } from 'node:path';
import type { Adapter, Answer, ChatEvent } from '../agents/event.ts';
import { type ClientName, clientNamed } from '../agents/index.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { locate } from '../git/locate.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { keepError } from '../store/hook-errors.ts';
import { loadGate } from './load-gate.ts';
import { recordEdits } from './post-edit.ts';
import { readStdin } from './stdin.ts';
import { isUsed } from './used.ts';

/** What the bundle beside this one takes on. */
export interface ChatModule {
  handle(client: ClientName, adapter: Adapter, event: ChatEvent): Promise<Answer>;
}

/** Writes the answer, if there is one. Never throws: an error of ours is kept, and only a write that could not be judged is refused for it. */
export async function agentHook([name = '', event = '']: string[]): Promise<void> {
  const found = clientNamed(name);
  if (!found) return;
  let said: ChatEvent | null = null;
  let answer: Answer | null;
  try {
    const payload = asObject(parseJson(readStdin()));
    if (!payload) throw new Error('the payload is no JSON object');
    said = found.adapter.read(event, payload);
    answer = said ? await answerTo(found, said) : {};
  } catch (error) {
    const place = locate(said?.cwd ?? process.cwd(), {});
    if (place) keepError(place.commonDir, `agent ${name} ${event}`, error);
    if (said?.kind === 'worktree-remove')
      answer = { fail: 'git-session failed, so the worktree stays (git-session/errors.jsonl in the git dir has the reason).' };
    else
      answer =
        place && isUsed(place) && found.adapter.gates.includes(event) && (said === null || said.kind.startsWith('before-write'))
          ? FAILED
          : {};
  }
  // Nothing to say and nothing open: leaving at once spares node its tidying up.
  if (answer === null) process.exit();
  if (answer.fail !== undefined) {
    process.stderr.write(`${answer.fail}\n`);
    process.exitCode = FAILS;
  }
  const text = found.adapter.write(event, answer);
  if (text) process.stdout.write(`${text}\n`);
}

/** What the hook's script takes as a failure of the event; every other code lets the client go on. */
const FAILS = 3;

const FAILED: Answer = {
  deny: 'git-session could not judge this call, so it was not made; nothing has changed. Tell the person: git-session/errors.jsonl in the git dir has the reason.',
};

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
  return import(pathToFileURL(join(__dirname, 'chat.mjs')).href);
}
