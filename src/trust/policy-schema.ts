/** The schema of `.sessionrc.yaml`: every key of core/policy.ts, nothing else. Loads zod: imported by policy-file.ts only. */

import { z } from 'zod';
import { BUILT_IN_CHECKS, DEFAULT_POLICY as D } from '../core/policy.ts';
import { REPORT_KINDS } from '../core/reports/kinds.ts';
import { hasUnsafe } from '../core/text.ts';

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
    .refine((name) => ![...BUILT_IN_CHECKS, 'set-up'].includes(name), 'this name belongs to a built-in check'),
  run: z.string().min(1, 'a check needs a command').max(20_000),
  cwd: inside('cwd').default('.'),
  timeout_minutes: z.number().positive('a timeout is more than 0 minutes').max(1440, 'a timeout is at most 1440 minutes').default(10),
  required: z.boolean().default(true),
  paths: globs('a path'),
  env: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'env takes names of environment variables')).default([]),
  reports: z.array(z.strictObject({ path: inside('a report'), kind: reportKind })).default([]),
  inputs: z.union([z.literal('base'), z.array(inside('an input'))], 'inputs is a list of globs, or base').default([]),
  reuse: z.boolean().default(false),
  parallel: z.boolean().default(false),
});

const prefix = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|\.\/|\.lock\/|@\{))[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*\/$/,
    'a prefix reads like "session/"',
  );

/** Shorthands are spelled out before this sees them. */
export const policySchema = z.strictObject({
  version: z.literal(1, 'this program knows version 1 of the policy').default(1),
  branch: z
    .strictObject({
      prefix: prefix.default(D.branch.prefix),
      after_landing: z.enum(['delete', 'keep']).default(D.branch.after_landing),
    })
    .prefault({}),
  land: z
    .strictObject({ by: z.enum(['local', 'pr']).default(D.land.by), artifacts: z.enum(['keep', 'tag']).default(D.land.artifacts) })
    .prefault({}),
  base_moved: z.enum(['recheck', 'ask']).default(D.base_moved),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']).default(D.presence),
  approvals: z
    .strictObject({
      self: z.enum(['allow', 'deny']).default(D.approvals.self),
      count: z.int('count is a whole number').min(1, 'at least one approval is needed').max(50).default(D.approvals.count),
    })
    .prefault({}),
  checkpoint: z.enum(['task', 'edit', 'manual']).default(D.checkpoint),
  auto_start: z.enum(['off', 'suggest', 'auto']).default(D.auto_start),
  routing: z
    .strictObject({
      mode: z.enum(['enforce', 'warn', 'off', 'strict']).default(D.routing.mode),
      root_allow: globs('root_allow'),
      allow: globs('allow'),
      roots: globs('roots'),
    })
    .prefault({}),
  checks: z
    .strictObject({
      setup: z.string().min(1).max(20_000).nullable().default(D.checks.setup),
      setup_inputs: globs('setup_inputs'),
      setup_outputs: z.array(inside('setup_outputs')).default(D.checks.setup_outputs),
      list: z.array(check).max(100, 'at most 100 checks').default([]),
    })
    .prefault({}),
  memory: z
    .strictObject({
      trust: z.enum(['signed', 'landed']).default(D.memory.trust),
      namespaces: z.record(line('a namespace').max(200), z.enum(['session', 'project'])).default({}),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      allow: z.array(z.strictObject({ rule: line('a rule'), path: inside('a path'), reason: line('a reason') })).default([]),
    })
    .prefault({}),
  limits: z.strictObject({ large_file_kb: z.number().positive().default(D.limits.large_file_kb) }).prefault({}),
});

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
