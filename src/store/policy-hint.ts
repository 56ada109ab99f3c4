/** The commits whose policy was in force one after another: where a quick proof may begin to look. A hint: each is proven again. Hot path: node built-ins only. */

import { join } from 'node:path';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

export interface PolicyHint {
  /** The pinned root first. */
  sources: string[];
}

const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'policy-line.json');

/** What the last full check left; null where there is none. */
export function policyHint(commonDir: string): PolicyHint | null {
  const sources = asObject(parseJson(readOrNull(path(commonDir)) ?? ''))?.sources;
  const isList = Array.isArray(sources) && sources.every((one) => typeof one === 'string' && /^[0-9a-f]{40,64}$/.test(one));
  return isList && sources.length > 0 ? { sources } : null;
}

/** Leaves the hint. Where it cannot be written, only speed is lost. */
export function leavePolicyHint(commonDir: string, { sources }: PolicyHint): void {
  const text = `${JSON.stringify({ sources })}\n`;
  try {
    if (readOrNull(path(commonDir)) !== text) writeAtomic(path(commonDir), text);
  } catch {
    // The next command leaves it.
  }
}
