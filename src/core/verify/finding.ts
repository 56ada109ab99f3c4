/** What an audit finds, in words that a person can act on. Pure. */

/**
 * `failed`: something contradicts what was signed. `unverified`: nothing contradicts it, but nothing proves it either.
 * `note`: worth knowing, and no fault.
 */
export type Level = 'failed' | 'unverified' | 'note';

export type Verdict = 'verified' | 'failed' | 'unverified';

export interface Finding {
  level: Level;
  /** Short name for programs, such as `tag-unsigned`. */
  code: string;
  /** One or two sentences: what is wrong, with names. Safe to print. */
  what: string;
}

export const failed = (code: string, what: string): Finding => ({ level: 'failed', code, what });
export const unverified = (code: string, what: string): Finding => ({ level: 'unverified', code, what });
export const noted = (code: string, what: string): Finding => ({ level: 'note', code, what });

/** What the findings of one session come to. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ level }) => level === 'failed')) return 'failed';
  return findings.some(({ level }) => level === 'unverified') ? 'unverified' : 'verified';
}

/** An object id as people read it. */
export const short = (oid: string) => oid.slice(0, 10);

const MOST = 5;

/** "a, b and 3 more": names in a sentence, each already safe to print. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
