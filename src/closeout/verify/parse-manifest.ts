/** The manifest as a value, where it is one. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { asSessionId } from '../../core/session/session-id.ts';
import { manifestSchema } from '../schemas/manifest.ts';

/** The manifest, or the first place where the value is none. */
export function parseManifest(value: unknown): { manifest: Manifest } | { wrong: string } {
  const parsed = manifestSchema.safeParse(value);
  const session = asSessionId(parsed.data?.session ?? '');
  if (parsed.success && session) return { manifest: { ...parsed.data, session } satisfies Manifest };
  if (parsed.success) return { wrong: 'session: not the id of a session' };
  const issue = parsed.error.issues[0];
  return { wrong: issue ? `${issue.path.join('.') || 'its whole'}: ${issue.message}` : 'unreadable' };
}
