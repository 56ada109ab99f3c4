import { z } from 'zod';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/session/metadata.ts';
import { openRepo } from '../../git/repo.ts';
import { runStart } from '../../lifecycle/start/start.ts';
import { planStart } from '../../lifecycle/start/start-plan.ts';
import { startedFacts } from '../../lifecycle/start/started-facts.ts';
import { QUOTED } from '../instructions.ts';
import { anything, tool } from '../tool.ts';

export const sessionStart = tool({
  name: 'session_start',
  description:
    'Start a session: a branch of its own with its memory and its place for files, checked out here. Uncommitted work comes along. ' +
    'Refused while another agent is at work in this checkout.',
  input: z.object({
    topic: z.string().describe('A few words that name the outcome'),
    goal: z.string().optional().describe('What shall be true at the end'),
    base: z.string().optional().describe('The branch to start from and land on; default: the current one'),
    from: z.string().optional().describe('A session to continue'),
    agent: z.string().optional().describe('Your name'),
  }),
  output: z.object({
    about: z.string(),
    session: z.string(),
    branch: z.string(),
    base: z.string(),
    artifacts: z.string(),
    continues: anything.nullable(),
    patterns: z.array(anything),
    notes: z.array(z.string()),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  run: async ({ topic, goal, base, from, agent }, { cwd, actor }) => {
    const repo = await openRepo(cwd);
    const now = new Date();
    const plan = await planStart(repo, { topic, goal, base, from, actor: actor(agent) }, now);
    const facts = await startedFacts(repo, plan, await runStart(repo, plan, now));
    const { id, branch } = facts.session;
    return {
      about: facts.patterns.length > 0 ? `Started ${id}. Its patterns were learned before, and approved. ${QUOTED}` : `Started ${id}.`,
      session: id,
      branch,
      base: facts.session.base,
      artifacts: `${sessionPaths(id).artifacts}/{${ARTIFACT_KINDS.join(',')}}/`,
      continues: facts.continues && { session: facts.continues.session, artifacts: facts.continues.artifacts.map(({ path }) => path) },
      patterns: facts.patterns.map(({ id: pattern, title, kind, approach, session }) => ({ id: pattern, title, kind, approach, session })),
      notes: facts.notes,
    };
  },
});
