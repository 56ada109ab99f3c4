/** Names of the tasks that a chat's work becomes: the same from every hook, without looking anything up. Pure; hot path. */

import type { Actor } from '../core/log/record.ts';
import { slugify } from '../core/session/session-id.ts';
import { oneLine } from '../core/text/text.ts';
import type { Subagent } from './event.ts';

/** `backend-dev-a4b64f2616281f909`. */
export function subagentTask({ id, type }: Subagent): string {
  return `${slugify(type) || 'subagent'}-${asPart(id)}`;
}

/** `prompt-f771ebbb`: what the main agent does for one prompt of the person; `chat-…` where no prompt was seen. An id's end differs, its beginning may be a time. */
export function promptTask(prompt: string | null, chat: string): string {
  return prompt === null ? `chat-${asPart(chat).slice(-8)}` : `prompt-${asPart(prompt).slice(-8)}`;
}

export function subagentActor({ id, type }: Subagent): Actor {
  return { kind: 'subagent', name: oneLine(type, 60) || 'subagent', id: asPart(id) };
}

export function mainActor(client: string, chat: string): Actor {
  return { kind: 'agent', name: client, id: asPart(chat) };
}

const asPart = (id: string) => id.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 60) || 'unnamed';
