/** What `git session init --local` would write: in this clone alone, and nothing that git tracks. Looks only. */

import { join } from 'node:path';
import { blockLines, withBlock } from '../../core/text/text-block.ts';
import type { Repo } from '../../git/run.ts';
import { DRAFT_LINES } from '../../store/exclude.ts';
import { readOrNull } from '../../store/files.ts';
import { nobody, POLICY_FILE } from '../../trust/approvers.ts';
import { localPath } from '../../trust/local-policy.ts';
import { planHooks } from '../hooks/plan.ts';
import { type ApproverEntry, entryNamed, entryOf, withApprover } from './approver.ts';
import { ignoredPlaces } from './ignored.ts';
import { type Chooser, chooseKey } from './key.ts';
import { planLocalAgents } from './local-agents.ts';
import { asLocal, LOCAL_SIGNERS_HEAD } from './local-text.ts';
import { approverNotes, foundNotes } from './notes.ts';
import type { InitPlace } from './place.ts';
import { ATTRIBUTES, type FileChange, type InitPlan, keyInUse } from './plan.ts';
import { policyText } from './policy-draft.ts';
import type { InitWish } from './wish.ts';

/** The plan. Throws (exit 1, 2) on what cannot be done. */
export async function planLocal(repo: Repo, place: InitPlace, wish: InitWish, choose: Chooser): Promise<InitPlan> {
  const { effective } = place;
  const governed = effective.initialised && !nobody(effective.approvers);
  const key = governed && !wish.signingKey && !wish.newKey ? await keyInUse(repo) : await chooseKey(repo, wish, choose);
  const signer = key.kind === 'key' ? key.signer : null;
  const own: FileChange[] = [];
  const put = (path: string, after: string) => {
    const before = readOrNull(path);
    if (before !== after) own.push({ path, before, after });
  };

  const policy = localPath(repo.commonDir, POLICY_FILE);
  const wanted = await policyText(readOrNull(policy), place, wish);
  put(policy, readOrNull(policy) === null ? asLocal(wanted.text) : wanted.text);
  const entries: ApproverEntry[] = [];
  if (!governed && signer) entries.push(await entryOf(signer));
  if (wish.approver) entries.push(await entryNamed(wish.approver.principal, wish.approver.key, repo.cwd));
  for (const entry of entries) for (const { path, after } of await withLocalApprover(repo, entry, own)) put(path, after);

  const agents = await planLocalAgents(repo, wish.agents, wanted.policy);
  const ignored = await ignoredPlaces(repo);
  const exclude = join(repo.commonDir, 'info/exclude');
  const shown = ignored.filter(({ by }) => !isOfTree(by)).flatMap(({ lines }) => lines);
  put(exclude, withBlock(readOrNull(exclude), [...new Set([...kept(exclude), ...agents.exclude, ...shown])]));
  const attributes = join(repo.commonDir, 'info/attributes');
  put(attributes, withBlock(readOrNull(attributes), ATTRIBUTES));
  own.push(...agents.files);

  const hooks = wish.hooks ? await planHooks(repo, undefined, { local: true }) : null;
  const notes = [
    ...ignored
      .filter(({ by }) => isOfTree(by))
      .map(
        ({ place: path, by }) =>
          `${path} is ignored (${by}), so git does not see what sessions write there. --local changes no tracked file: take the rule out yourself.`,
      ),
    ...(await foundNotes(repo, place, wish, hooks)),
    ...agents.notes,
    ...(await approverNotes(place, { governed, wish, key })),
  ];
  return {
    place,
    local: true,
    files: [],
    own: [...new Map(own.map((file) => [file.path, file])).values()],
    back: null,
    key,
    signer,
    mustSign: false,
    hooks: hooks?.refusal ? null : hooks,
    agents: wish.agents,
    checks: wish.checks,
    land: wanted.land,
    notes,
  };
}

/** The lists with one more approver, absolute. `planned`: files that the plan has already. */
export async function withLocalApprover(repo: Repo, entry: ApproverEntry, planned: readonly FileChange[]): Promise<FileChange[]> {
  const read = async (path: string) => {
    const at = localPath(repo.commonDir, path);
    return planned.findLast((file) => file.path === at)?.after ?? readOrNull(at);
  };
  const change = await withApprover(entry, read, LOCAL_SIGNERS_HEAD);
  return change ? [{ ...change, path: localPath(repo.commonDir, change.path) }] : [];
}

/** A rule of a tracked file: what lies in the git dir cannot overrule it. */
const isOfTree = (by: string) => /(^|\/)\.gitignore:/.test(by);

/** Patterns that an earlier run brought back, no longer ignored, and those of drafts: they stay. */
const kept = (exclude: string) => blockLines(readOrNull(exclude)).filter((line) => line.startsWith('!') || DRAFT_LINES.includes(line));
