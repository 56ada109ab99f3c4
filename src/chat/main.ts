/** Entry of the chat bundle: what the agents' hook does where it needs more than the journal. */

import type { Adapter, Answer, ChatEvent } from '../agents/event.ts';
import type { ClientName } from '../agents/index.ts';
import { chatMoved, chatStart } from './begin.ts';
import { type ChatPlace, placeOf } from './place.ts';
import { prompted } from './prompt.ts';
import { afterSubagent, beforeSubagent, subagentStart, subagentStop } from './subagent.ts';
import { chatEnd, commitEdits, turnEnd } from './turn.ts';
import { createWorktree } from './worktree.ts';
import { dropWorktree } from './worktree-remove.ts';

type Handlers = { [K in ChatEvent['kind']]?: (place: ChatPlace<Extract<ChatEvent, { kind: K }>>) => Promise<Answer> };

const HANDLERS: Handlers = {
  'chat-start': chatStart,
  prompt: prompted,
  'after-write': commitEdits,
  'before-subagent': beforeSubagent,
  'after-subagent': afterSubagent,
  'subagent-start': subagentStart,
  'subagent-stop': subagentStop,
  'turn-end': turnEnd,
  'chat-end': chatEnd,
  moved: chatMoved,
  'worktree-create': createWorktree,
  'worktree-remove': dropWorktree,
};

/** Acts on one event of a client and returns what it is told. Changes the working directory to the agent's. */
export async function handle(client: ClientName, adapter: Adapter, event: ChatEvent): Promise<Answer> {
  const handler = HANDLERS[event.kind] as ((place: ChatPlace) => Promise<Answer>) | undefined;
  if (!handler) return {};
  const place = await placeOf(client, adapter, event);
  if (!place) return {};
  process.chdir(event.cwd);
  return handler(place);
}
