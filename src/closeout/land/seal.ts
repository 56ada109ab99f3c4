/** The seal: the session's last commit, which writes the generated files and nothing else. Made as an object; no ref moves. */

import { createHash } from 'node:crypto';
import { backupOf } from '../../core/documents/backup.ts';
import { markEdited } from '../../core/documents/edited-summary.ts';
import type { CloseoutFacts } from '../../core/documents/facts.ts';
import { inventoryOf } from '../../core/documents/inventory.ts';
import { metricsOf } from '../../core/documents/metrics.ts';
import { summaryOf } from '../../core/documents/summary.ts';
import { decisionsOf } from '../../core/documents/trajectory.ts';
import { compactLog } from '../../core/log/compact-log.ts';
import { planFold, withRecords } from '../../core/log/plan-fold.ts';
import { type AnyRecord, TOOL } from '../../core/log/record.ts';
import { fullKey, isProjectMemory, LEARNED_NAMESPACE } from '../../core/memory/key.ts';
import { parseValuePath } from '../../core/memory/large-value.ts';
import { foldMemory } from '../../core/memory/memory.ts';
import { patternValue, readFields } from '../../core/pattern/pattern.ts';
import type { PatternDecision } from '../../core/pattern/proposal.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { trailers } from '../../core/session/trailers.ts';
import { asObject, fileJson, parseJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { commitTree } from '../../git/commit-tree.ts';
import { mergeTexts } from '../../git/merge-text.ts';
import { editTree, readAt, type TreeEdit } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { writeBlobs } from '../../git/write-blobs.ts';
import { valueFiles } from '../../lifecycle/checkpoint/fold-log.ts';
import { logAt } from '../../lifecycle/session/records.ts';
import { readJournal } from '../../store/journal.ts';
import { writerId } from '../../store/writer.ts';

export interface SealRequest {
  id: SessionId;
  /** The session's tip. */
  tip: string;
  /** The facts as approved; `closed_at` is the moment of the seal. */
  facts: CloseoutFacts;
  /** Short name of the branch that it lands on. */
  base: string;
  policy: Policy;
  dropped: ReadonlySet<string>;
  /** A person's edit of the summary. */
  summary?: SummaryEdit | undefined;
  /** Ids of the records that the review rested on: memory of the project that was written since does not land. */
  known: ReadonlySet<string>;
}

export interface SummaryEdit {
  draft: string;
  edited: string;
}

export interface Seal {
  commit: string;
  /** Hex sha256 of every file that the seal writes, by path. */
  files: Record<string, string>;
  backupSha256: string;
  facts: CloseoutFacts;
}

/** Writes the files of the seal and commits them on the tip. The same request gives the same commit. */
export async function makeSeal(repo: Repo, request: SealRequest): Promise<Seal> {
  const at = sessionPaths(request.id);
  const written = [decisionsRecord(repo, request), ...editRecords(repo, request)];
  const facts = withWritten(request.facts, written);
  const texts = new Map<string, string>([
    ...(await compactedLog(repo, request, written)),
    [at.metadata, await closedMetadata(repo, request)],
    [at.summary, await summaryText(repo, summaryOf(facts), request.summary)],
    [at.metrics, fileJson(metricsOf(facts))],
    [at.inventory, fileJson(inventoryOf(facts))],
    [at.backup, fileJson(backupOf(facts))],
  ]);
  const edits: TreeEdit[] = [];
  const files: Record<string, string> = {};
  const kept = [...texts].filter(([, text]) => text !== '');
  const oids = await writeBlobs(
    repo,
    kept.map(([, text]) => text),
  );
  for (const [i, [path, text]] of kept.entries()) {
    edits.push({ path, oid: oids[i] ?? null });
    files[path] = sha256(text);
  }
  edits.push(...[...texts].filter(([, text]) => text === '').map(([path]) => ({ path, oid: null })));
  if (request.policy.land.artifacts === 'tag' && facts.abandoned === null)
    edits.push(...facts.artifacts.map(({ path }) => ({ path, oid: null })));
  const tree = await editTree(repo, request.tip, edits);
  const message = `seal: ${oneLine(facts.topic, 80)}\n\n${trailers([
    ['Session-Id', request.id],
    ['Session-Event', 'seal'],
  ])}`;
  const commit = await commitTree(repo, { tree, parents: [request.tip], message, date: facts.closed_at });
  return { commit, files, backupSha256: files[at.backup] ?? '', facts };
}

/** The summary as sealed: what the person changed in the draft is changed in it too, and marked; figures that they left are those of the seal. */
async function summaryText(repo: Repo, sealed: string, edit: SummaryEdit | undefined): Promise<string> {
  if (!edit) return sealed;
  return markEdited(await mergeTexts(repo, { ours: edit.edited, base: edit.draft, theirs: sealed }));
}

/** Hex sha256 of a text or of bytes. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The session's decisions as a memory record of the sealed log; its id and time come from the seal, so that repeating makes the same. */
function decisionsRecord(repo: Repo, { id, facts }: SealRequest): AnyRecord {
  return {
    v: 1,
    id: sealedId(repo, facts, 'decisions'),
    at: facts.closed_at,
    session: id,
    actor: TOOL,
    kind: 'memory.stored',
    data: { namespace: LEARNED_NAMESPACE, key: `trajectory/${id}/decisions`, value: decisionsOf(facts) },
  };
}

/** The id of a record that the seal itself writes: behind every other of its moment. */
function sealedId(repo: Repo, facts: CloseoutFacts, what: string): string {
  return `${Date.parse(facts.closed_at).toString(36).padStart(9, '0')}zzzz.${what}.${writerId(repo.commonDir)}`;
}

/** The patterns that a person edited, as that person's records. */
function editRecords(repo: Repo, { id, facts }: SealRequest): AnyRecord[] {
  return facts.patterns.flatMap(({ key, kept, edited, fields, by }, i): AnyRecord[] => {
    if (!kept || !edited || !fields) return [];
    const before = facts.memory.find((entry) => entry.namespace === LEARNED_NAMESPACE && entry.key === key);
    // Another clone's clock may be ahead: what the person wrote counts all the same.
    const late = before && before.at >= facts.closed_at ? { at: before.at, n: AFTER_ALL } : { at: facts.closed_at };
    const data = { namespace: LEARNED_NAMESPACE, key, value: patternValue(fields), ...(before?.tags.length ? { tags: before.tags } : {}) };
    return [{ v: 1, id: sealedId(repo, facts, `${EDITED}${i}`), ...late, session: id, actor: by, kind: 'memory.stored', data }];
  });
}

const EDITED = 'edited';
/** A counter within one millisecond that no writer reaches. */
const AFTER_ALL = 1_000_000;

/** The person's own versions of patterns among the records that a seal added, by key. */
export function sealedEdits(records: readonly AnyRecord[]): PatternDecision['edited'] {
  const edits = records.flatMap((record) =>
    record.kind === 'memory.stored' && record.actor.kind === 'person' && record.id.includes(`zzzz.${EDITED}`) ? [record] : [],
  );
  const [first] = edits;
  return first && { by: first.actor, patterns: new Map(edits.map(({ data }) => [data.key, readFields(data.value, data.key)])) };
}

/** The facts with what the seal itself writes into memory. */
function withWritten(facts: CloseoutFacts, written: readonly AnyRecord[]): CloseoutFacts {
  const entries = foldMemory(written, Date.parse(facts.closed_at));
  const places = new Set(entries.map(fullKey));
  return { ...facts, memory: [...facts.memory.filter((entry) => !places.has(fullKey(entry))), ...entries] };
}

/** Every file of the session's log as it lands, by path; empty text where nothing of it does. */
async function compactedLog(repo: Repo, request: SealRequest, written: readonly AnyRecord[]): Promise<Map<string, string>> {
  const { files, parsed, values } = await logAt(repo, request.tip, request.id);
  const journal = readJournal(repo.commonDir, request.id);
  const reviewed = journal.records.filter((record) => request.known.has(record.id) || !isProjectMemory(record, request.policy));
  const fold = planFold({
    id: request.id,
    writer: writerId(repo.commonDir),
    files: files.map(({ path, text }) => ({ path, size: Buffer.byteLength(text) })),
    known: new Set([...parsed.records, ...parsed.unknown].map((record) => record.id)),
    lines: [...reviewed, ...journal.unknown, ...written],
    sealed: false,
  });
  const texts = new Map(files.map((file) => [file.path, file.text]));
  if (fold) texts.set(fold.path, withRecords(Buffer.from(texts.get(fold.path) ?? ''), fold.fresh).toString('utf8'));
  const seen = new Set<string>();
  const compaction = { ...request, lessonsOnly: request.facts.abandoned !== null };
  const lines = [...texts].sort().map(([path, text]): [string, string] => [path, compactLog(text, compaction, seen)]);
  // A value stays where a line that lands speaks of it, one of another program included.
  const stays = (path: string) => lines.some(([, text]) => text.includes(parseValuePath(request.id, path) ?? path));
  const left = [...values].filter((path) => !stays(path)).map((path): [string, string] => [path, '']);
  const added = valueFiles(repo, request.id, fold?.fresh ?? [], values).filter(({ path }) => stays(path));
  return new Map([...lines, ...left, ...added.map(({ path, text }): [string, string] => [path, text])]);
}

/** The metadata file with what closing changes in it, and the topic of the id; whatever else it holds stays. */
async function closedMetadata(repo: Repo, { id, tip, facts, base }: SealRequest): Promise<string> {
  const at = sessionPaths(id);
  const before = asObject(parseJson((await readAt(repo, tip, at.metadata)) ?? '')) ?? {};
  return fileJson({
    ...before,
    topic: facts.topic,
    base,
    status: facts.abandoned ? 'abandoned' : 'closed',
    closed_at: facts.closed_at,
    backup_location: at.backup,
  });
}
