/** The policy and the approvers of this clone alone as text: as `init --local` writes them, and as an upgrade makes them everybody's. */

import type { Repo } from '../../git/run.ts';
import { GPG_FOLDER, POLICY_FILE, SIGNERS_FILE } from '../../trust/approvers.ts';
import { readLocalPolicy } from '../../trust/local-policy.ts';
import { SIGNERS_HEAD } from './approver.ts';

/** In place of what the template says of the policy branch; the schema is named as it lies from there. */
const POLICY_HEAD = `# yaml-language-server: $schema=../policy.schema.json
# Policy of git-session in this clone alone (git session init --local).
#
# It counts as it stands here, from the next command on, as long as the policy branch holds none. Nobody else sees it and no
# history holds it, so git session verify calls what is approved by it unaudited. Every key may be left out; what stands
# here is the default unless git session init chose another value.
`;

/** At the top of a new list. */
export const LOCAL_SIGNERS_HEAD = SIGNERS_HEAD.replace(/^# A change.*\n/m, '# It counts in this clone alone.\n');

/** A policy made from the template, for this clone alone. */
export const asLocal = (text: string) => withHead(text, POLICY_HEAD);

/** What an upgrade makes of the clone's own policy, as files of the tree; empty where there is none. */
export function sharedFrom(repo: Repo, template: string): Map<string, string> {
  const local = readLocalPolicy(repo);
  if (!local) return new Map();
  const signers = local.approvers.signers.replace(LOCAL_SIGNERS_HEAD, SIGNERS_HEAD);
  return new Map([
    [POLICY_FILE, local.text.startsWith(POLICY_HEAD) ? withHead(local.text, template) : local.text],
    ...(signers === '' ? [] : [[SIGNERS_FILE, signers] as const]),
    ...local.approvers.gpg.map(({ fingerprint, armor }) => [`${GPG_FOLDER}/${fingerprint}.asc`, armor] as const),
  ]);
}

/** The text with other words before its version. */
function withHead(text: string, head: string): string {
  const cut = (one: string) => Math.max(0, one.search(/^version:/m));
  return head.slice(0, cut(head) || head.length) + text.slice(cut(text));
}
