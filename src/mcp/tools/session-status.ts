import { z } from 'zod';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/session/metadata.ts';
import { reasonText } from '../../core/session/reason.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { policyNow } from '../../lifecycle/policy-now.ts';
import { currentSession } from '../../lifecycle/session/session.ts';
import { statusFacts } from '../../lifecycle/session/status-facts.ts';
import { QUOTED } from '../instructions.ts';
import { anything, tool } from '../tool.ts';

/** A model needs no more of them. */
const MOST = 50;

export const sessionStatus = tool({
  name: 'session_status',
  description:
    'Where the session of this checkout stands: state, goal, where artifacts go, tasks, what is not committed, why it was sent back, what is next; outside one, the open sessions.',
  input: z.object({}),
  output: z.object({
    about: z.string(),
    session: anything.nullable().describe('null: none is checked out'),
    artifacts: z.string().nullable().describe('Where new files go'),
    tasks: z.array(anything),
    uncommitted: z.array(z.string()),
    memory_entries: z.number(),
    rejected: z.array(z.string()),
    open_sessions: z.array(anything),
    notes: z.array(z.string()),
    next: z.string(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  run: async (_args, { cwd }) => {
    const repo = await openRepo(cwd);
    const session = await currentSession(repo);
    const policy = await policyNow(repo, { looking: true });
    const facts = await statusFacts(repo, session, policy, policy.notes, new Date());
    const brief = ({ id, topic, goal, state, base }: NonNullable<typeof facts.session>) => ({ id, topic, goal, state, base });
    return {
      about: QUOTED,
      session: facts.session && brief(facts.session),
      artifacts: session && `${sessionPaths(session.id).artifacts}/{${ARTIFACT_KINDS.join(',')}}/`,
      tasks: facts.tasks.slice(-MOST).map(({ task, agent, status, description }) => ({ task, agent, status, description })),
      uncommitted: facts.uncommitted.slice(0, MOST).map(({ path, how }) => `${oneLine(path, 300)} (${how})`),
      memory_entries: facts.memory_entries,
      rejected: facts.rejection?.reasons.map(reasonText) ?? [],
      open_sessions: facts.open_sessions.slice(0, MOST).map(brief),
      notes: facts.notes,
      next: facts.next,
    };
  },
});
