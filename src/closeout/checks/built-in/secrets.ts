/** No secret in what the session added. */

import type { Policy } from '../../../core/policy/policy.ts';
import { RULE_SET } from '../../../core/secrets/rule-set.ts';
import { notAllowed, type SecretFinding, scanSecrets } from '../../../core/secrets/scan.ts';
import { count, oneLine } from '../../../core/text/text.ts';
import { readMany } from '../../../git/batch.ts';
import type { Change } from '../../../git/objects.ts';
import type { Repo } from '../../../git/run.ts';
import { type BuiltIn, filesLeft, firstOf } from './built-in.ts';

interface SecretPlace extends SecretFinding {
  path: string;
}

/** Files read at once, so that a session of thousands does not lie in memory whole. */
const AT_ONCE = 200;

/**
 * Secrets in lines that are in the checked tree and not in base's file, less those that policy accepts. The secret
 * itself is never returned. `changes` go from base to the checked tree.
 */
async function findSecrets(repo: Repo, changes: readonly Change[], allow: Policy['secrets']['allow']): Promise<SecretPlace[]> {
  const files = filesLeft(changes);
  const found: SecretPlace[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const part = files.slice(at, at + AT_ONCE);
    const bodies = await readMany(
      repo,
      part.flatMap((change) => [change.oldOid, change.newOid]),
    );
    for (const [n, { path }] of part.entries()) {
      const before = bodies[2 * n]?.body.toString('utf8') ?? '';
      const after = bodies[2 * n + 1]?.body.toString('utf8') ?? '';
      const fresh = scanSecrets(after, path).filter(isNew(before, after));
      found.push(...notAllowed(fresh, path, allow).map((finding) => ({ path, ...finding })));
    }
  }
  return found;
}

/** A finding is new where its line, or of a private key one of the first lines of its body, is not a line of the old text. */
function isNew(before: string, after: string): (finding: SecretFinding) => boolean {
  const old = new Set(before.split('\n'));
  const lines = after.split('\n');
  return ({ rule, line }) => lines.slice(line - 1, line + (rule === 'privatekey' ? 3 : 0)).some((text) => !old.has(text));
}

export const secrets: BuiltIn = {
  name: 'secrets',
  required: true,
  async run({ repo, changes, policy }) {
    const found = await findSecrets(repo, changes, policy.secrets.allow);
    const findings = found.map(({ rule, path, line }) => `${rule} in ${oneLine(path, 120)}:${line}`);
    const by = `${RULE_SET.name} (${count(RULE_SET.vendored.length, 'rule')}) and ${RULE_SET.own.length} of our own`;
    const rules = [`rules of ${RULE_SET.name}: ${RULE_SET.vendored.join(' ')}`, `our own rules: ${RULE_SET.own.join(' ')}`];
    const scanned = `the added lines of ${count(filesLeft(changes).length, 'file')}`;
    if (findings.length === 0) return { status: 'passed', detail: `No secret in ${scanned}, by ${by}.`, findings, rules };
    const what = `${count(findings.length, 'finding')} in ${scanned}: ${firstOf(findings)}.`;
    return { status: 'failed', detail: `${what} By ${by}.`, findings, rules };
  },
};
