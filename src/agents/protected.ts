/** What an agent's tools must not change: who judges the work, and what watches it. Pure; hot path. */

import { sensitiveChanges } from '../core/policy/sensitive.ts';
import type { SessionId } from '../core/session/session-id.ts';

/** Where `init --agent` keeps what makes a client call us. Case does not count. */
const OURS = [
  /^\.claude\/(?:settings(?:\.local)?\.json|commands\/session-[a-z]+\.md)$/,
  /^\.(?:codex|cursor)\/hooks\.json$/,
  /^\.gemini\/(?:settings\.json|commands\/session-[a-z]+\.toml)$/,
  /^\.github\/hooks\/git-session\.json$/,
  /^\.opencode\/(?:plugins\/git-session\.js|commands\/session-[a-z]+\.md)$/,
  /^\.cursor\/commands\/session-[a-z]+\.md$/,
  /^\.agents\/skills\/session-[a-z]+\//,
];

/** Why a person changes this file, not an agent; null where an agent may. `path`: relative to the top, resolved. */
export function protectedBy(path: string, session: SessionId | null): string | null {
  const [change] = sensitiveChanges([path], session ?? ('' as SessionId));
  if (change?.about === 'policy') return 'it is the policy that the work is judged by';
  if (change?.about === 'approvers') return 'it says who may approve';
  if (change?.about === 'hooks') return 'git hooks watch over the session';
  return OURS.some((place) => place.test(path.toLowerCase())) ? 'it holds the hooks that connect this client to git-session' : null;
}
