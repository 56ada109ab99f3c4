/** A session that is sealed already: its seal as an approver in any clone finds it, prepared for the signature. */

import type { Backup } from '../../core/documents/backup.ts';
import { type CloseoutFacts, decidePatterns } from '../../core/documents/facts.ts';
import { stateError } from '../../core/errors.ts';
import type { PatternDecision } from '../../core/pattern/proposal.ts';
import { sensitiveChanges } from '../../core/policy/sensitive.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { readMany } from '../../git/batch.ts';
import { diffTrees, readAt } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { logAt } from '../../lifecycle/session/records.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { refuseForeignBase } from '../../trust/other-policy.ts';
import { type Seal, sealedEdits, sha256 } from '../land/seal.ts';
import { landingBase, notBehind } from './base.ts';
import type { SessionContent } from './facts.ts';
import { contentNow, digestOf, type Found, findGround, initialisedPolicy, judge, type Prepared, type PrepareOptions } from './prepare.ts';
import { changesSince } from './since.ts';

export interface ExistingSeal {
  seal: Seal;
  /** The session's tip before the seal. */
  before: string;
  /** Where the branch stands: the seal, or a commit after it that only adds to the log. */
  tip: string;
  /** False in a clone that has only the remote's branch. */
  hasBranch: boolean;
  /** What the sealing made of the proposed patterns. */
  decision: PatternDecision;
}

/** The seal at or just below the session's tip. Throws (exit 1) where there is none. */
export async function sealOf(repo: Repo, session: Session): Promise<ExistingSeal> {
  const at = sessionPaths(session.id);
  const base = await commitOf(repo, `refs/heads/${session.metadata.base}`);
  const [change] = await firstParentChanges(repo, session.tip, [at.metadata], base ? [base] : []);
  const before = change ? await commitOf(repo, `${change.commit}^1`) : null;
  if (!change || !before) throw stateError({ what: `${session.id} is not sealed.`, next: `git session closeout ${session.id}` });
  const written = (await diffTrees(repo, before, change.commit)).filter((row) => row.status !== 'D');
  const blobs = await readMany(
    repo,
    written.map((row) => row.newOid),
  );
  const files = Object.fromEntries(written.map(({ path }, i) => [path, sha256(blobs[i]?.body ?? Buffer.alloc(0))]));
  const backup = asObject(parseJson((await readAt(repo, change.commit, at.backup)) ?? '')) as Backup | null;
  const seal: Seal = { commit: change.commit, files, backupSha256: files[at.backup] ?? '', facts: {} as CloseoutFacts };
  const hasBranch = session.ref.startsWith('refs/heads/');
  const [tipLog, sealedLog] = await Promise.all([logAt(repo, before, session.id), logAt(repo, change.commit, session.id)]);
  const known = new Set(tipLog.parsed.records.map(({ id }) => id));
  const edited = sealedEdits(sealedLog.parsed.records.filter(({ id }) => !known.has(id)));
  const decision = { dropped: new Set(backup?.dropped_patterns ?? []), ...(edited ? { edited } : {}) };
  return { seal, before, tip: session.tip, hasBranch, decision };
}

/** As `prepare`, for what is sealed: checked against base as it is now in this clone, with the seal's own decisions. Nothing is brought in. */
export async function prepareSealed(repo: Repo, session: Session, existing: ExistingSeal, options: PrepareOptions): Promise<Prepared> {
  const policy = options.policy ?? (await initialisedPolicy(repo, options.onProgress));
  const base = await landingBase(repo, session, policy.policy.land.by);
  await refuseForeignBase(repo, policy, base);
  if (policy.policy.land.by === 'local') await notBehind(repo, base);
  const unsealed = { ...session, tip: existing.before };
  const ground = await findGround(repo, unsealed, base);
  const content = asSealed(await contentNow(repo, unsealed, base, ground, []), session, existing);
  const found: Found = {
    ...ground,
    ...{ session: unsealed, policy, base, content, leftovers: [], held: [], strays: [], elsewhere: [], sealed: true, lessonsOnly: false },
    since: await changesSince(repo, unsealed, content),
    sensitive: sensitiveChanges(
      content.changes.map((change) => change.path),
      session.id,
    ),
  };
  options.onFound?.(found);
  const judged = await judge(repo, found, options);
  const prepared = { ...found, ...judged, content: asSealed(judged.content, session, existing) };
  existing.seal.facts = prepared.content.facts;
  return { ...prepared, digest: await digestOf(repo, prepared) };
}

/** The content with the seal's own decisions and its moment. */
function asSealed(content: SessionContent, { metadata }: Session, { decision }: ExistingSeal): SessionContent {
  return { ...content, facts: { ...decidePatterns(content.facts, decision), closed_at: metadata.closed_at ?? '' } };
}
