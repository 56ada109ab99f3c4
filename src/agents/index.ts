/** The clients that are known. Hot path. */

import { claude } from './claude.ts';
import type { Adapter } from './event.ts';

export const CLIENTS = { claude } as const satisfies Record<string, Adapter>;

export type ClientName = keyof typeof CLIENTS;

/** The client of that name, or null. */
export function clientNamed(name: string): { client: ClientName; adapter: Adapter } | null {
  return Object.hasOwn(CLIENTS, name) ? { client: name as ClientName, adapter: CLIENTS[name as ClientName] } : null;
}
