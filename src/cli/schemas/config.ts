import { z } from 'zod';

const anyJson = z.unknown();

export const schema = z.strictObject({
  branch: z.string().describe('The policy branch'),
  commit: z
    .string()
    .nullable()
    .describe('The commit whose file is in force; null where there is no policy yet, or one of this clone alone'),
  local: z.string().nullable().describe('The file in force, where it is one of this clone alone (git session init --local); else null'),
  settings: z
    .array(
      z.strictObject({
        key: z.string().describe('Dotted name, as in routing.mode'),
        value: anyJson.describe('The value in force'),
        source: z
          .enum(['policy', 'personal', 'default'])
          .describe("Where it comes from: the file in force, the person's own git configuration, or nobody set it"),
        line: z.number().int().nullable().describe('Line of the file in force that sets it; null where none does'),
        column: z.number().int().nullable().describe('Column of its value there'),
        default: anyJson.describe('The value where nobody sets it'),
        about: z.string().describe('What it is for'),
      }),
    )
    .describe('Every setting in the order of the file; the one that was asked for'),
  personal: z
    .array(
      z.strictObject({
        name: z.string().describe('As in git config'),
        value: z.string().describe('Its value'),
        key: z.string().nullable().describe('The setting that it is about; null where there is none of that name'),
        effect: z
          .enum(['tightens', 'replaces', 'same', 'laxer', 'invalid', 'unknown'])
          .describe('What it does: only what is stricter than the policy counts, or what is for the person alone to say (replaces)'),
      }),
    )
    .describe('The settings gitsession.* of git configuration'),
  file_here: z
    .strictObject({
      mistakes: z.array(z.string()).describe('What is wrong with it, as file:line:column: what'),
      differs: z.array(z.string()).describe('Settings that it gives another value than the file in force'),
    })
    .nullable()
    .describe('.sessionrc.yaml in the working tree; null where there is none'),
  agreed: z.array(z.string()).describe('Set-up commands of worktrees that this clone runs without asking; --forget leaves none'),
  notes: z.array(z.string()).describe('Sentences that a person should read'),
});
