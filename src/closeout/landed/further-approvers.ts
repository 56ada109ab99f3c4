/** Whom approval tags name, as they say themselves: whether it holds is judged by an audit. */

import type { SessionId } from '../../core/session/session-id.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { readMany } from '../../git/batch.ts';
import type { Repo } from '../../git/run.ts';
import { approvalTags } from '../verify/approvals.ts';

/** By session, the principals of further approvals on these very seals; of one session alone with `only`. Two processes. */
export async function furtherApprovers(
  repo: Repo,
  seals: ReadonlyMap<SessionId, string | null>,
  only?: SessionId,
): Promise<Map<SessionId, string[]>> {
  const tags = (await approvalTags(repo, only)).filter(({ id, seal }) => seal !== '' && seals.get(id) === seal);
  const objects = await readMany(
    repo,
    tags.map(({ oid }) => oid),
  );
  const found = new Map<SessionId, string[]>();
  for (const [i, { id }] of tags.entries()) {
    const line = /^Approval of \S+\n\n(\{.*\})$/m.exec(objects[i]?.body.toString('utf8') ?? '')?.[1];
    const approver = asObject(asObject(parseJson(line ?? ''))?.approver);
    if (typeof approver?.principal === 'string') found.set(id, [...(found.get(id) ?? []), approver.principal]);
  }
  return found;
}
