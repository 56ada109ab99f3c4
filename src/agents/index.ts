/** The clients that are known. Hot path. */

import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { cursor } from './cursor.ts';
import type { Adapter } from './event.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';

export const CLIENTS = { claude, codex, gemini, copilot, opencode, cursor } as const satisfies Record<string, Adapter>;

export type ClientName = keyof typeof CLIENTS;

/** The client of that name, or null. */
export function clientNamed(name: string): { client: ClientName; adapter: Adapter } | null {
  return Object.hasOwn(CLIENTS, name) ? { client: name as ClientName, adapter: CLIENTS[name as ClientName] } : null;
}
