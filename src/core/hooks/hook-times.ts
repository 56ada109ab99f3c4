/** How long each hook of a git command took, read from git's own trace of its events (trace2). Pure. */

import { asObject, parseJson } from '../text/json.ts';

/** Milliseconds by hook, in the order in which they ran. Hooks of a git that a hook started are that hook's own time. */
export function hookTimes(trace: string): Map<string, number> {
  const running = new Map<unknown, string>();
  const times = new Map<string, number>();
  for (const line of trace.split('\n')) {
    const event = asObject(parseJson(line));
    if (typeof event?.sid !== 'string' || event.sid.includes('/')) continue;
    if (event.event === 'child_start' && event.child_class === 'hook' && typeof event.hook_name === 'string') {
      running.set(event.child_id, event.hook_name);
    } else if (event.event === 'child_exit' && typeof event.t_rel === 'number') {
      const hook = running.get(event.child_id);
      running.delete(event.child_id);
      if (hook !== undefined) times.set(hook, (times.get(hook) ?? 0) + event.t_rel * 1000);
    }
  }
  return times;
}
