/** The schema of `.sessionrc.yaml`: every key of core/policy.ts, nothing else. Loads zod: imported by policy-file.ts only. */

import { z } from 'zod';
import { BUILT_IN_CHECKS, DEFAULT_POLICY as D } from '../core/policy/policy.ts';
import { bringFault, placeFault } from '../core/policy/worktree.ts';
import { REPORT_KINDS } from '../core/reports/kinds.ts';
import { hasUnsafe } from '../core/text/text.ts';

const line = (what: string) =>
  z
    .string()
    .min(1, `${what} cannot be empty`)
    .max(4000, `${what} is too long`)
    .refine((text) => !hasUnsafe(text), `${what} holds control or invisible characters`);

/** A path or glob inside the repository, with slashes. */
const inside = (what: string) =>
  line(what).refine((text) => !/^[/~]|^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/.test(text), `${what} must lie inside the repository`);

const globs = (what: string) => z.array(inside(what)).max(1000).default([]);

const reportKind = z.enum(REPORT_KINDS);

const check = z.strictObject({
  name: line('a check name')
    .max(60, 'a check name has at most 60 characters')
    .refine((name) => ![...BUILT_IN_CHECKS, 'set-up'].includes(name), 'this name belongs to a built-in check')
    .describe('What the check is called'),
  run: z.string().min(1, 'a check needs a command').max(20_000).describe('A command line for sh'),
  cwd: inside('cwd').default('.').describe('Folder to run in'),
  timeout_minutes: z
    .number()
    .positive('a timeout is more than 0 minutes')
    .max(1440, 'a timeout is at most 1440 minutes')
    .default(10)
    .describe('It is ended after so many minutes'),
  required: z.boolean().default(true).describe('false: shown, and no hindrance'),
  paths: globs('a path').describe('Globs; where the session touched none of them, the check is not needed'),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'env takes names of environment variables'))
    .default([])
    .describe('Names of environment variables to let through'),
  reports: z
    .array(
      z.strictObject({
        path: inside('a report').describe('File, or a glob that names several'),
        kind: reportKind.describe('How to read it: coverage (json-summary, lcov, cobertura) or tests (junit, tap)'),
      }),
    )
    .default([])
    .describe('What it writes'),
  inputs: z
    .union([z.literal('base'), z.array(inside('an input'))], 'inputs is a list of globs, or base')
    .default([])
    .describe("Globs of files that define it; a session that changed them is shown to have. base: run with base's copies"),
  reuse: z.boolean().default(false).describe('true: a result of this machine for the same tree may stand in, and is shown as such'),
  parallel: z.boolean().default(false).describe('true: it may run beside other checks that say so too'),
});

/** Text in which a function of core finds faults. */
const faultless = (fault: (text: string) => string | null, what: string) =>
  z
    .string()
    .max(1000, `${what} is too long`)
    .superRefine((text, context) => {
      const wrong = fault(text);
      if (wrong !== null) context.addIssue({ code: 'custom', message: `${what} ${wrong}` });
    });

const bring = (list: string) =>
  z
    .array(faultless(bringFault, `an entry of ${list}`))
    .max(100, `${list} has at most 100 entries`)
    .default([]);

const prefix = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|\.\/|\.lock\/|@\{))[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*\/$/,
    'a prefix reads like "session/"',
  );

const afterLanding = z.enum(['delete', 'keep']);
const landBy = z.enum(['local', 'pr']);
const checkList = z.array(check).max(100, 'at most 100 checks');

/** Shorthands are spelled out before this sees them. */
export const policySchema = z.strictObject({
  version: z.literal(1, 'this program knows version 1 of the policy').default(1).describe('Version of this format'),
  branch: z
    .strictObject({
      prefix: prefix.default(D.branch.prefix).describe('What names of session branches begin with'),
      after_landing: afterLanding
        .default(D.branch.after_landing)
        .describe('What becomes of the branch after landing; the backup tag keeps every commit'),
    })
    .prefault({})
    .describe("The session's branch"),
  land: z
    .strictObject({
      by: landBy.default(D.land.by).describe('local: closeout merges here; pr: through a pull request on the forge'),
      artifacts: z
        .enum(['keep', 'tag'])
        .default(D.land.artifacts)
        .describe('Keep artifacts on the base branch, or leave them in the backup tag only'),
    })
    .prefault({})
    .describe('How a session lands'),
  base_moved: z
    .enum(['recheck', 'ask'])
    .default(D.base_moved)
    .describe('Where base moved during the review: run the checks again and ask only where the change is another one, or ask'),
  presence: z
    .enum(['terminal', 'prompt', 'security-key', 'none'])
    .default(D.presence)
    .describe(
      "Who may approve. terminal: a person at a terminal; prompt: also a person's own prompt in an agent's chat; security-key: only with a hardware key; none: whoever can run the program",
    ),
  approvals: z
    .strictObject({
      self: z.enum(['allow', 'deny']).default(D.approvals.self).describe('May who started the session approve it'),
      count: z
        .int('count is a whole number')
        .min(1, 'at least one approval is needed')
        .max(50)
        .default(D.approvals.count)
        .describe('How many approvals it needs'),
    })
    .prefault({})
    .describe('Who must approve'),
  checkpoint: z
    .enum(['task', 'edit', 'manual'])
    .default(D.checkpoint)
    .describe("When agents' files are committed: at the end of each task, at each edit, or only when asked"),
  auto_start: z
    .enum(['off', 'suggest', 'auto'])
    .default(D.auto_start)
    .describe("What the first prompt of an agent's chat does outside a session: nothing, suggest one, start one"),
  client_worktrees: z
    .enum(['session', 'plain'])
    .default(D.client_worktrees)
    .describe('What `claude --worktree <topic>` makes: a session in a worktree, or a worktree as the client makes it'),
  routing: z
    .strictObject({
      mode: z
        .enum(['enforce', 'warn', 'off', 'strict'])
        .default(D.routing.mode)
        .describe("Misplaced new files: refuse, tell, say nothing; strict allows nothing outside the session's folder"),
      redirect: z
        .boolean()
        .default(D.routing.redirect)
        .describe('true: where the client allows it, a misplaced new file of an agent is written to its right place instead of refused'),
      root_allow: globs('root_allow').describe('Names (globs) allowed at a root beyond manifests, dotfiles and the like'),
      allow: globs('allow').describe('New top-level folders that are allowed'),
      roots: globs('roots').describe('Folders that count as roots too: packages of a monorepo'),
    })
    .prefault({})
    .describe('Where agents may write new files'),
  checks: z
    .strictObject({
      setup: z.string().min(1).max(20_000).nullable().default(D.checks.setup).describe('A command line that prepares the checkout'),
      setup_inputs: globs('setup_inputs').describe('Globs; it runs once per content of these. Empty: the lock files'),
      setup_outputs: z.array(inside('setup_outputs')).default(D.checks.setup_outputs).describe('What is kept of what it makes'),
      list: checkList.default([]).describe('Commands that must pass on the tree that would land'),
    })
    .prefault({})
    .describe('Commands that must pass on the tree that would land'),
  worktree: z
    .strictObject({
      place: faultless((text) => placeFault(text), 'a place')
        .default(D.worktree.place)
        .describe('Folder of a new one, relative to the repository: {repo} is its name, {topic} the topic of the session'),
      copy: bring('copy').describe('Files and folders that git ignores, copied from the main checkout'),
      link: bring('link').describe('The same as symbolic links: one content for all'),
      setup: z
        .string()
        .min(1, 'a set-up needs a command')
        .max(20_000)
        .nullable()
        .default(D.worktree.setup)
        .describe('A command line for sh that runs in a new one, once a person of the clone has agreed to it'),
    })
    .prefault({})
    .superRefine(({ copy, link }, context) => {
      for (const [n, path] of link.entries())
        if (copy.includes(path)) context.addIssue({ code: 'custom', path: ['link', n], message: 'an entry of link is in copy, too' });
    })
    .describe('Linked worktrees of sessions (start --worktree)'),
  memory: z
    .strictObject({
      trust: z
        .enum(['signed', 'landed'])
        .default(D.memory.trust)
        .describe('What sessions learn from each other: only from sessions that an approver signed, or from all that were merged'),
      namespaces: z
        .record(line('a namespace').max(200), z.enum(['session', 'project']))
        .default({})
        .describe('Which memory outlives its session (project) and which does not (session)'),
    })
    .prefault({})
    .describe('What agents remember'),
  secrets: z
    .strictObject({
      allow: z
        .array(
          z.strictObject({
            rule: line('a rule').describe('Rule that found it'),
            path: inside('a path').describe('File that it is in'),
            reason: line('a reason').describe('Why it is no secret'),
          }),
        )
        .default([])
        .describe('Findings of the secret scan that are no secrets'),
    })
    .prefault({})
    .describe('The scan for secrets'),
  limits: z
    .strictObject({
      large_file_kb: z
        .number()
        .positive()
        .default(D.limits.large_file_kb)
        .describe('From this size on (in KB) the review names a new file as large'),
    })
    .prefault({})
    .describe('Limits'),
  trash: z
    .strictObject({
      keep_days: z
        .int('keep_days is a whole number of days')
        .min(0, 'keep_days is 0 or more days')
        .max(99_999)
        .default(D.trash.keep_days)
        .describe('git session gc leaves alone what was dropped in a clone for so many days'),
    })
    .prefault({})
    .describe('What abandon, reject and undo dropped'),
});

/** The file as editors check it: with its short forms, and with values left empty. */
export const policyFileSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(policySchema.shape).map(([key, long]) => {
      const short = { branch: afterLanding, land: landBy, checks: checkList }[key];
      const value: z.ZodType = short ? z.union([long, short]) : long;
      return [
        key,
        value
          .nullable()
          .optional()
          .describe(long.description ?? ''),
      ];
    }),
  ),
);

/** What a setting is about, by its dotted name. */
export function aboutSetting(key: string): string {
  let at: unknown = policySchema;
  for (const step of key.split('.')) at = unwrap(at)?.shape?.[step];
  return (at as z.ZodType | undefined)?.description ?? '';
}

/** The keys that a mapping at this path of the file may hold; empty where any or none may. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let at: unknown = policySchema;
  for (const step of path) at = typeof step === 'number' ? unwrap(at)?.element : unwrap(at)?.shape?.[String(step)];
  return Object.keys(unwrap(at)?.shape ?? {});
}

interface Inner {
  shape?: Record<string, unknown>;
  element?: unknown;
  def?: { innerType?: unknown };
}

/** The schema below defaults. */
function unwrap(schema: unknown): Inner | undefined {
  let at = schema as Inner | undefined;
  while (at?.def?.innerType) at = at.def.innerType as Inner;
  return at;
}
