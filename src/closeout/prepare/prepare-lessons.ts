/** Prepares the closeout of an abandoned session: what it learned, for a person to look at. Nothing is brought in, and no branch moves. */

import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { refuseForeignBase } from '../../trust/other-policy.ts';
import { landingBase, notBehind } from './base.ts';
import { contentNow, digestOf, type Found, findGround, initialisedPolicy, judge, type Prepared, type PrepareOptions } from './prepare.ts';

/** As `prepare`, of an abandoned session. */
export async function prepareLessons(repo: Repo, session: Session, options: PrepareOptions): Promise<Prepared> {
  const policy = options.policy ?? (await initialisedPolicy(repo, options.onProgress));
  const base = await landingBase(repo, session, policy.policy.land.by);
  await refuseForeignBase(repo, policy, base);
  await notBehind(repo, base);
  const ground = await findGround(repo, session, base);
  const content = await contentNow(repo, session, base, ground, []);
  const found: Found = {
    ...ground,
    ...{ session, policy, base, content, leftovers: [], held: [], strays: [], elsewhere: [], sensitive: [], since: null },
    ...{ sealed: false, lessonsOnly: true },
  };
  options.onFound?.(found);
  const prepared = { ...found, ...(await judge(repo, found, options)) };
  return { ...prepared, digest: await digestOf(repo, prepared) };
}
