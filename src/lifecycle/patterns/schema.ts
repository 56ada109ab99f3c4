/** The form of a pattern that is recorded, strictly: an unknown field is a mistake, not something that nobody will ever find. Loads zod: import it lazily. */

import { z } from 'zod';
import type { PatternFields } from '../../core/pattern/pattern.ts';
import { slugify } from '../../core/session/session-id.ts';
import type { Json } from '../../core/text/json.ts';
import { hasUnsafe, oneLine } from '../../core/text/text.ts';

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must not be longer than ${max} characters`)
    .refine((text) => !hasUnsafe(text), 'must be one line without control or invisible characters');
const prose = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must not be longer than ${max} characters`)
    .refine((text) => !hasUnsafe(text.replace(/[\r\n\t]/g, ' ')), 'must not hold control or invisible characters');
const list = <T extends z.ZodType>(item: T, max: number) => z.array(item).max(max, `must not hold more than ${max}`);
const rate = z.number().min(0, 'must be 0 to 100').max(100, 'must be 0 to 100');

const claims = {
  success_rate: rate.optional(),
  sessions_used: z.int().min(0, 'must not be negative').optional(),
  test_coverage_avg: rate.optional(),
};

export const patternSchema = z
  .strictObject({
    pattern_id: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,79}$/, 'must be one word of letters, digits, dots, dashes and underscores, at most 80')
      .optional(),
    title: line(120).optional(),
    kind: z.enum(['strategy', 'pitfall']).optional(),
    description: prose(2000).optional(),
    approach: prose(4000).optional(),
    implementation: z.json().optional(),
    code_snippets: z.json().optional(),
    lessons_learned: list(prose(1000), 20).optional(),
    applies_to: list(line(200), 20).optional(),
    success_metrics: z.strictObject(claims).optional(),
    claimed: z.strictObject({ ...claims, reusable: z.boolean().optional() }).optional(),
    success_rate: rate.optional(),
    reusable: z.boolean().optional(),
  })
  .refine((given) => given.approach || given.description || given.lessons_learned?.length, {
    message: 'needs an approach, a description or a lesson learned',
  });

/** The names of the fields, for whoever mistyped one. */
export function patternKeys(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(patternSchema.shape);
  return path[0] === 'claimed' || path[0] === 'success_metrics' ? [...Object.keys(claims), 'reusable'] : [];
}

/** The fields of a checked pattern. Without a title or an id these are made of what it says; figures are claims wherever they stood. */
export function fieldsOf(given: z.infer<typeof patternSchema>): PatternFields {
  const title = given.title ?? oneLine(firstSentence(given.approach ?? given.description ?? given.lessons_learned?.[0] ?? ''), 100);
  const said = { ...given.success_metrics, ...given.claimed };
  return {
    id: given.pattern_id ?? (slugify(title) || 'pattern'),
    title,
    kind: given.kind ?? 'strategy',
    description: given.description ?? null,
    approach: given.approach ?? null,
    implementation: (given.implementation as Json | undefined) ?? null,
    code_snippets: (given.code_snippets as Json | undefined) ?? null,
    lessons_learned: given.lessons_learned ?? [],
    applies_to: given.applies_to ?? [],
    merged_from: [],
    claimed: {
      success_rate: given.success_rate ?? said.success_rate ?? null,
      sessions_used: said.sessions_used ?? null,
      test_coverage_avg: said.test_coverage_avg ?? null,
      reusable: given.reusable ?? given.claimed?.reusable ?? null,
    },
  };
}

function firstSentence(text: string): string {
  return /^[^\n]*?[.!?](?=\s|$)/.exec(text)?.[0].replace(/[.!?]$/, '') ?? (text.split('\n', 1)[0] as string);
}
