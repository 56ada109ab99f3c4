/** The policy in force: its beginning, changes that do not count, who approves, and what is set for this clone. */

import { join } from 'node:path';
import { wishes } from '../../core/policy/personal.ts';
import { parseSigners } from '../../core/policy/signers.ts';
import { count, oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { nobody, POLICY_FILE, POLICY_PATHS } from '../../trust/approvers.ts';
import { type EffectivePolicy, effectivePolicy } from '../../trust/policy-chain.ts';
import type { Finding, Probe } from './finding.ts';

export const policy: Probe = {
  name: 'policy',
  look: async ({ repo, tell }) => {
    // Nothing remembered decides: another root, and another policy on a branch of the project's, are found here.
    const effective = await effectivePolicy(repo, { fresh: true, onPinned: tell });
    if (!effective.initialised) return [{ health: 'warn', what: 'No policy is in force', next: 'git session init' }];
    return [inForce(effective), ...approvers(effective), ...ignored(effective), ...personal(effective), ...(await fileHere(repo))];
  },
};

function inForce({ branch, root, source, local }: EffectivePolicy): Finding {
  if (local !== null) {
    return {
      health: 'ok',
      what: 'The policy of this clone alone is in force (local, unaudited): nobody else sees it, and no history holds it',
    };
  }
  return {
    health: 'ok',
    what: `The policy of ${oneLine(branch, 60)} at ${source?.slice(0, 10)} is in force, and begins at ${root.slice(0, 10)}`,
  };
}

function approvers({ approvers: named, policy: { approvals, presence } }: EffectivePolicy): Finding[] {
  if (nobody(named)) {
    return [{ health: 'fail', what: 'Nobody can approve a session', why: 'The policy names no approver.', next: 'git session init' }];
  }
  const people = new Set([
    ...parseSigners(named.signers).flatMap(({ principals }) => principals),
    ...named.gpg.map(({ fingerprint }) => fingerprint),
  ]);
  const found: Finding[] = [];
  if (people.size < approvals.count) {
    found.push({
      health: 'fail',
      what: `Sessions need ${approvals.count} approvals, and ${people.size === 1 ? 'there is one approver' : `there are ${people.size} approvers`}`,
      next: 'An approver can add one: git session init --approver <address> --key <public key>',
    });
  } else found.push({ health: 'ok', what: `${count(people.size, 'approver')}: ${oneLine([...people].join(', '), 160)}` });
  if (presence === 'none') {
    found.push({
      health: 'warn',
      what: 'Sessions are approved unattended (presence: none): agents can approve their own work',
      next: 'git config gitsession.presence terminal',
    });
  }
  return found;
}

function ignored({ ignored: commits, branch, source }: EffectivePolicy): Finding[] {
  if (commits.length === 0) return [];
  const last = commits[commits.length - 1]?.slice(0, 12);
  return [
    {
      health: 'warn',
      what: `${count(commits.length, 'policy change')} on ${oneLine(branch, 60)} ${commits.length === 1 ? 'does' : 'do'} not count`,
      why: `No approver signed ${commits.map((commit) => commit.slice(0, 12)).join(', ')}.`,
      next: `git diff ${source?.slice(0, 12)} ${last} -- ${POLICY_PATHS.join(' ')}`,
    },
  ];
}

function personal({ policy: now, own }: EffectivePolicy): Finding[] {
  return wishes(now, own)
    .filter(({ effect }) => effect === 'laxer' || effect === 'invalid' || effect === 'unknown')
    .map(({ name, value }) => ({
      health: 'warn',
      what: `git config ${name} (${oneLine(value, 40)}) does nothing`,
      next: 'git session config',
    }));
}

/** The file that is being edited, before anybody signs it. */
async function fileHere(repo: Repo): Promise<Finding[]> {
  const text = readOrNull(join(repo.top, POLICY_FILE));
  if (text === null) return [];
  const { parsePolicy } = await import('../../trust/policy-file.ts');
  parsePolicy(text, POLICY_FILE);
  return [];
}
