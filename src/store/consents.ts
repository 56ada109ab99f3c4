/** Which commands of the policy a person has let run in this clone, by their exact text: `git-session/consents.json`. */

import { rmSync } from 'node:fs';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';
import { existingWriterId, writerId } from './writer.ts';

interface Consent {
  command: string;
  /** The clone in which it was given: a copied repository asks again. */
  writer: string;
}

/** Whether a person of this clone has agreed to exactly this command. */
export function hasConsent(commonDir: string, command: string): boolean {
  const writer = writerId(commonDir);
  return read(commonDir).some((one) => one.command === command && one.writer === writer);
}

/** The commands that it has agreed to. */
export function consented(commonDir: string): string[] {
  const writer = existingWriterId(commonDir);
  return read(commonDir).flatMap((one) => (one.writer === writer ? [one.command] : []));
}

/** Takes back all of it: each is asked for again. */
export function forgetConsents(commonDir: string): void {
  rmSync(privatePaths(commonDir).consents, { force: true });
}

/** Remembers that a person agreed; what a newer program keeps stays as it is, and the person is asked again. */
export function keepConsent(commonDir: string, command: string): void {
  if (isNewer(kept(commonDir))) return;
  const rows = [...read(commonDir).filter((one) => one.command !== command), { command, writer: writerId(commonDir) }];
  writeAtomic(privatePaths(commonDir).consents, `${JSON.stringify({ version: 1, consents: rows }, null, 2)}\n`);
}

const kept = (commonDir: string) => asObject(parseJson(readOrNull(privatePaths(commonDir).consents) ?? ''));

const isNewer = (raw: ReturnType<typeof kept>) => typeof raw?.version === 'number' && raw.version > 1;

function read(commonDir: string): Consent[] {
  const raw = kept(commonDir);
  // What an agreement of a later version holds for is not known here.
  const rows: unknown[] = Array.isArray(raw?.consents) && !isNewer(raw) ? raw.consents : [];
  return rows.flatMap((row) => {
    const { command, writer } = asObject(row) ?? {};
    return typeof command === 'string' && typeof writer === 'string' ? [{ command, writer }] : [];
  });
}
