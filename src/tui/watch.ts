/** `git session watch` on the real terminal. */

import type { Repo } from '../git/run.ts';
import { type Followed, followSessions } from '../lifecycle/session/follow-sessions.ts';
import { drawOn } from './drawing.tsx';
import { firstWatch, type WatchState, watchFrame, watchKey } from './watch-state.ts';

/** Whether somebody is still at work is a matter of time: so often it is looked at again. */
const TICK_MS = 30_000;

/** Shows the open sessions until the person leaves or the terminal goes away. */
export async function watchOnTerminal(repo: Repo): Promise<void> {
  const stop = new AbortController();
  let state: WatchState = firstWatch(Date.now());
  const drawing = drawOn({
    rows: (size) => {
      state = { ...state, size };
      return watchFrame(state);
    },
    onKey: (input, key) => {
      const next = watchKey(state, input, key);
      if (next === null) stop.abort();
      else become(next);
    },
    onGone: () => stop.abort(),
  });
  const become = (next: WatchState) => {
    state = next;
    drawing.draw();
  };
  const tick = setInterval(() => become({ ...state, now: Date.now() }), TICK_MS);
  try {
    const onChange = (sessions: readonly Followed[]) => become({ ...state, sessions, now: Date.now() });
    await followSessions(repo, { signal: stop.signal, onChange });
  } finally {
    clearInterval(tick);
    drawing.close();
  }
}
