/** How far base has moved since the session left it, and whether it is what others have. */

import { count, oneLine } from '../../../core/text/text.ts';
import { countCommits, mergeBase } from '../../../git/ancestry.ts';
import { diffTrees } from '../../../git/objects.ts';
import { behindRemote } from '../../prepare/base.ts';
import { type BuiltIn, type BuiltInFacts, firstOf } from './built-in.ts';

export const baseMoved: BuiltIn = {
  name: 'base-moved',
  required: false,
  async run(facts) {
    const { repo, base } = facts;
    const branch = oneLine(base.branch, 80);
    const behind = await behindRemote(repo, base);
    if (behind) {
      const what = `${branch} is ${count(behind.commits, 'commit')} behind ${oneLine(behind.name, 80)}, as last fetched`;
      return { status: 'failed', detail: `${what}: these checks did not run on what would land there.`, findings: [] };
    }
    const { commits, files, both } = await sinceFork(facts);
    if (commits === 0) return { status: 'passed', detail: `${branch} has not moved since the session left it.`, findings: [] };
    const moved = `${branch} has moved by ${count(commits, 'commit')} (${count(files, 'file')}) since the session left it`;
    if (both.length === 0) return { status: 'passed', detail: `${moved}, in none that the session changed.`, findings: [] };
    const merged = `${count(both.length, 'file')} changed on both sides and merged without a conflict`;
    return { status: 'passed', detail: `${moved}; ${merged}: ${firstOf(both)}.`, findings: both };
  },
};

/** What base has that the session did not start from: commits, files, and the files that the session changed too. */
async function sinceFork({ repo, base, session }: BuiltInFacts) {
  const fork = await mergeBase(repo, base.commit, session.tip);
  if (fork === null || fork === base.commit) return { commits: 0, files: 0, both: [] };
  const [commits, theirs, ours] = await Promise.all([
    countCommits(repo, fork, base.commit),
    diffTrees(repo, fork, base.commit),
    diffTrees(repo, fork, session.tip),
  ]);
  const own = new Set(ours.map(({ path }) => path));
  const both = theirs.filter(({ path }) => own.has(path)).map(({ path }) => oneLine(path, 120));
  return { commits, files: theirs.length, both };
}
