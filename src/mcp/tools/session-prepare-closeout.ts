import { z } from 'zod';
import { askPatterns } from '../../closeout/prepare/ask-patterns.ts';
import { blocking } from '../../closeout/prepare/prepare.ts';
import { prepareOnly } from '../../closeout/prepare/prepare-only.ts';
import { reviewOf } from '../../closeout/prepare/review.ts';
import { concernsOf, reviewLines } from '../../core/closeout/review.ts';
import { openRepo } from '../../git/repo.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { anything, tool } from '../tool.ts';

/** So much of a long review is handed to a model. */
const REVIEW_CHARS = 20_000;

export const sessionPrepareCloseout = tool({
  name: 'session_prepare_closeout',
  description:
    "Commit what is left of the session, run the policy's checks on what would land, and show the review that a person will read. Decides nothing: a person closes it.",
  input: z.object({}),
  output: z.object({
    about: z.string(),
    session: z.string(),
    base: z.string(),
    checks: z.array(anything),
    blocking: z.array(z.string()).describe('Required checks that did not pass'),
    concerns: z.array(z.string()),
    leftovers: z.array(z.string()).describe('Uncommitted files that are not part of it'),
    review: z.string(),
    asks: z.string().nullable().describe('Asked once: what to propose as patterns; null otherwise'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  run: async (_args, { cwd, progress }) => {
    const repo = await openRepo(cwd);
    const session = await resolveSession(repo);
    const prepared = await prepareOnly(repo, session, { onProgress: progress });
    const review = reviewOf(prepared, { key: null, again: null, landing: null });
    const failing = blocking(prepared.checks).map(({ name }) => name);
    const person = `A person reviews and closes it, at a terminal, with: git session closeout ${session.id}`;
    const asks = askPatterns(repo, prepared);
    return {
      about:
        failing.length > 0
          ? 'Prepared, but nobody can approve it yet: correct what the blocking checks say, and prepare again.'
          : `Prepared. ${person}`,
      session: session.id,
      base: prepared.base.branch,
      checks: prepared.checks.map(({ name, status, required, detail }) => ({ name, status, required, detail })),
      blocking: failing,
      concerns: concernsOf(review),
      leftovers: prepared.leftovers.slice(0, 100),
      review: reviewLines(review)
        .map(({ text }) => text)
        .join('\n')
        .slice(0, REVIEW_CHARS),
      asks,
    };
  },
});
