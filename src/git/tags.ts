/** Annotated tags. */

import { type Repo, runGit } from './run.ts';

export interface TagText {
  /** The commit (or other object) that it names. */
  target: string;
  /** Name and address of who made it. */
  tagger: string | null;
  message: string;
}

/** The text of a tag object, its signature included; null where the name is no annotated tag. */
export async function readTag(repo: Repo, ref: string): Promise<TagText | null> {
  const { code, out } = await runGit(repo, ['cat-file', 'tag', ref], { ok: [0, 1, 128] });
  const end = out.indexOf('\n\n');
  if (code !== 0 || end === -1) return null;
  const head = out.slice(0, end);
  const tagger = /^tagger (.*) \d+ [+-]\d{4}$/m.exec(head)?.[1] ?? null;
  return { target: /^object ([0-9a-f]+)$/m.exec(head)?.[1] ?? '', tagger, message: out.slice(end + 2) };
}
