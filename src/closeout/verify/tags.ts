/** Reads backup tags and judges them alone: form, target, manifest. Who signed is judged elsewhere. */

import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/closeout/manifest.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Finding, failed, short } from '../../core/verify/finding.ts';
import { judgeTag } from '../../core/verify/tag.ts';
import type { Repo } from '../../git/run.ts';
import { readSignedMany, type SignedObject } from '../../git/signed.ts';
import type { BackupTag } from '../landed/landings.ts';
import { parseManifest } from './parse-manifest.ts';

/** The tag's object, its manifest where it carries a valid one of its session, and what is wrong so far. */
export interface ReadTag {
  findings: Finding[];
  manifest: Manifest | null;
  /** Hex, of the manifest's line with its LF; empty without a manifest. */
  manifestSha256: string;
  /** Null where the tag's name stands for neither a tag nor a commit. */
  signed: SignedObject | null;
}

/** One tag. */
export async function readTag(repo: Repo, id: SessionId, tag: BackupTag): Promise<ReadTag> {
  const [read] = await readTags(repo, [{ id, tag }]);
  return read as ReadTag;
}

/** Many tags, in order, in one process. */
export async function readTags(repo: Repo, wanted: readonly { id: SessionId; tag: BackupTag }[]): Promise<ReadTag[]> {
  const objects = await readSignedMany(
    repo,
    wanted.map(({ tag }) => tag.oid),
  );
  return wanted.map(({ id, tag }, i) => judged(id, tag, objects[i] ?? null));
}

function judged(id: SessionId, tag: BackupTag, signed: SignedObject | null): ReadTag {
  const name = tag.ref.slice('refs/tags/'.length);
  const payload = utf8(signed?.payload);
  const form = judgeTag({ id, name, type: signed?.type ?? 'blob', oid: tag.oid, payload, signed: typeof signed?.signature === 'string' });
  const findings = [...form.findings];
  const nothing = { findings, manifest: null, manifestSha256: '', signed };
  if (signed?.broken) findings.push(failed('tag-malformed', `The object of ${name} is not to be believed: ${signed.broken}.`));
  if (!form.manifest || findings.some(({ code }) => code === 'manifest-version')) return nothing;
  const parsed = parseManifest(form.manifest.value);
  if ('wrong' in parsed) {
    findings.push(failed('manifest-invalid', `The manifest is not valid at ${oneLine(parsed.wrong, 200)}.`));
    return nothing;
  }
  const { manifest } = parsed;
  if (manifest.session !== id) {
    findings.push(failed('manifest-session', `The manifest is about ${manifest.session}, not ${id}.`));
    return nothing;
  }
  if (form.target !== manifest.seal) {
    const what = `${name} points at ${short(form.target ?? 'nothing')}, but its manifest names the seal ${short(manifest.seal)}.`;
    findings.push(failed('tag-target', what));
  }
  return { findings, manifest, manifestSha256: createHash('sha256').update(form.manifest.text).digest('hex'), signed };
}

function utf8(bytes: Buffer | undefined): string | null {
  try {
    return bytes === undefined ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
