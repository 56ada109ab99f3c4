/** Judging the backup tag: is it a signed tag of this session, on the commit that its manifest names? Pure. */

import type { SessionId } from '../session/session-id.ts';
import { asObject, canonicalJson, type Json, parseJson } from '../text/json.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, short, unverified } from './finding.ts';
import { header, parseRawObject } from './raw-object.ts';
import { dateOfLine, judgeTimes } from './times.ts';

export interface TagFacts {
  id: SessionId;
  /** Name below `refs/tags/`. */
  name: string;
  /** What the ref points at directly. */
  type: 'tag' | 'commit' | 'tree' | 'blob';
  oid: string;
  /** What was signed, as text; null where it is not UTF-8. */
  payload: string | null;
  /** It carries a signature, good or bad. */
  signed: boolean;
}

export interface JudgedTag {
  findings: Finding[];
  /** The manifest's line with its LF, and what it parses to; null where the tag carries none. */
  manifest: { text: string; value: unknown } | null;
  /** The commit that the tag points at; null where it does not say. */
  target: string | null;
  /** The tagger's line, as written. */
  tagger: string;
}

const NOTHING = { manifest: null, target: null, tagger: '' };

/** Form, name, target's type, presence of a signature, and the manifest's canonical form. Who signed is judged elsewhere. */
export function judgeTag(facts: TagFacts): JudgedTag {
  const { id, name } = facts;
  if (facts.type !== 'tag') {
    const what = `${name} is not an annotated tag: it points straight at the ${facts.type} ${short(facts.oid)}, so nobody signed it.`;
    return { ...NOTHING, findings: [failed('tag-not-annotated', what)] };
  }
  const object = facts.payload === null ? null : parseRawObject(facts.payload, 'tag');
  if (!object) return { ...NOTHING, findings: [failed('tag-malformed', `The object of ${name} is not a well-formed tag.`)] };
  const findings: Finding[] = [];
  const inner = header(object, 'tag');
  if (inner !== name) {
    findings.push(
      failed('tag-renamed', `${name} holds a tag that was made as ${oneLine(inner, 120)}: the name was moved to another object.`),
    );
  }
  const isCommit = header(object, 'type') === 'commit';
  if (!isCommit)
    findings.push(failed('tag-target', `${name} points at a ${oneLine(header(object, 'type'), 20)} instead of the seal commit.`));
  if (!facts.signed) findings.push(failed('tag-unsigned', `${name} is not signed.`));
  const manifest = manifestOf(object.message, id, findings);
  const tagger = header(object, 'tagger');
  findings.push(...judgeTimes(asObject(manifest?.value) ?? {}, 'the tag', { latest: dateOfLine(tagger) }));
  return { findings, manifest, target: isCommit ? header(object, 'object') : null, tagger };
}

function manifestOf(message: string, id: SessionId, findings: Finding[]): JudgedTag['manifest'] {
  const match = /^Backup of (\S+)\n\n([^\n]*\n)$/.exec(message);
  const text = match?.[2];
  const value = text === undefined ? undefined : parseJson(text);
  if (!match || text === undefined || value === undefined) {
    findings.push(failed('manifest-missing', 'The tag carries no manifest: nothing says what was approved.'));
    return null;
  }
  if (match[1] !== id) findings.push(failed('tag-other-session', `The tag's message is about ${oneLine(match[1] ?? '', 100)}, not ${id}.`));
  if (!isCanonical(value, text)) {
    findings.push(failed('manifest-not-canonical', 'The manifest is not in canonical form: it was edited or written by something else.'));
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== 1) {
    findings.push(
      unverified(
        'manifest-version',
        `The manifest has version ${oneLine(JSON.stringify(version) ?? 'none', 20)}, which this program does not know.`,
      ),
    );
  }
  return { text, value };
}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return `${canonicalJson(value as Json)}\n` === text;
  } catch {
    return false;
  }
}
