/** How a client's settings call us. Pure. */

import { asObject } from '../../core/text/json.ts';
import { HOOK_FILE } from './pieces.ts';

/**
 * A shell line. `top` names the checkout, where the client has a variable for it; else git is asked. On a branch without the script it does
 * nothing, and its exit code is 0 whatever happens.
 */
export function callOf(client: string, event: string, top = '$(git rev-parse --show-toplevel 2>/dev/null)'): string {
  return `f="${top}/${HOOK_FILE}"; [ ! -f "$f" ] || sh "$f" ${client} ${event}`;
}

/** True for an element of a settings list that calls us for this client, wherever in it the command stands. */
export function callsUs(element: unknown, client: string): boolean {
  const text = JSON.stringify(asObject(element) ?? {});
  return text.includes(HOOK_FILE) && text.includes(` ${client} `);
}

/**
 * True for our element of an event, also where an earlier version or a person gave it another matcher; `others` are the matchers of our other
 * elements of that event, which are not this one.
 */
export function isOurs(element: unknown, client: string, others: readonly (string | undefined)[]): boolean {
  return callsUs(element, client) && !others.includes(asObject(element)?.matcher as string | undefined);
}
