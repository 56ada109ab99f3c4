/** Taking exported lines into a session's memory: all of them or none. */

import { SessionError, stateError } from '../../core/errors.ts';
import type { Actor, RecordDraft } from '../../core/log/record.ts';
import { type ExportedEntry, type Problem, parseExport } from '../../core/memory/export.ts';
import { type ImportOptions, type ImportPlan, planImport } from '../../core/memory/import.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { openRepo } from '../../git/repo.ts';
import { appendRecords } from '../../store/journal.ts';
import { withLock } from '../../store/lock.ts';
import { type Here, refuseEnded } from '../session/here.ts';
import { timeBefore } from './before.ts';
import { seenRecords } from './memory.ts';
import { checkedJson, refuseSecrets, valueData } from './store.ts';

/** So many bad lines are told. */
const TOLD = 10;

/**
 * Imports the lines of a file, each as it is or null where it is no text. What the session has already, has newer, or what has expired is
 * left out, and what was deleted since unless it is to be restored, so that repeating it changes nothing. Throws (exit 1) with nothing written where any line is not right, or holds a secret.
 */
export async function importMemory(
  here: Here,
  lines: readonly (string | null)[],
  { actor, ...options }: { actor: Actor } & Pick<ImportOptions, 'restore' | 'unnamed'>,
): Promise<ImportPlan> {
  await refuseEnded(here);
  const { ready, problems } = readExport(lines, here.policy);
  if (problems.length > 0) throw notImported(problems);
  const repo = await openRepo(here.place.top);
  return withLock(here.place.commonDir, 'memory', async () => {
    const { records } = await seenRecords(repo, here);
    const plan = planImport(ready, records, { now: Date.now(), ...options });
    const drafts = plan.add.map(
      ({ namespace, key, value, tags, expires_at, task, origin, json }): RecordDraft => ({
        kind: 'memory.stored',
        actor,
        data: {
          namespace,
          key,
          ...valueData(here, value, json),
          ...(expires_at === null ? {} : { expires_at: Date.parse(expires_at) }),
          ...(tags.length > 0 ? { tags } : {}),
          ...(task === null ? {} : { task }),
          origin,
        },
      }),
    );
    appendRecords(here.place.commonDir, here.id, drafts, { after: timeBefore(here) });
    return plan;
  });
}

/** The entries of lines as they would be stored, and what is wrong with the others. Looks at nothing else. */
export function readExport(lines: readonly (string | null)[], policy: Policy) {
  const { entries, problems } = parseExport(lines, policy);
  const ready = entries.flatMap((entry) => {
    const json = checked(policy, entry);
    if (typeof json === 'string') return [{ ...entry, json }];
    problems.push(json);
    return [];
  });
  return { ready, problems: problems.sort((a, b) => a.line - b.line) };
}

/** The entry's value as JSON, or what keeps it from being stored. */
function checked(policy: Policy, { namespace, key, value, tags, line }: ExportedEntry & { line: number }): string | Problem {
  const place = { namespace, key };
  try {
    const json = checkedJson({ place, value });
    refuseSecrets(policy, { place, value, tags });
    return json;
  } catch (error) {
    if (error instanceof SessionError) return { line, what: `${error.message} ${error.why ?? ''}`.trim() };
    throw error;
  }
}

function notImported(problems: Problem[]) {
  const told = problems.slice(0, TOLD);
  const more = problems.length - told.length;
  return stateError({
    what: `Nothing was imported: ${problems.length === 1 ? 'a line is' : `${problems.length} lines are`} not right.`,
    why: told.map(({ line, what }) => `line ${line}: ${what}`).join('\n') + (more > 0 ? `\nand ${more} more` : ''),
    next: 'Correct or remove them, and import again.',
  });
}
