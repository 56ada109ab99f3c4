/** The manifest as text: the tag's message, and the merge commit's. Pure; digests are handed in. */

import type { CloseoutFacts } from '../documents/facts.ts';
import { agentsOf, agentTypes, checkScore } from '../documents/figures.ts';
import { artifactName } from '../documents/inventory.ts';
import { changeNote } from '../pattern/lines.ts';
import { sessionPaths } from '../session/metadata.ts';
import { asSessionId, type SessionId } from '../session/session-id.ts';
import { trailers } from '../session/trailers.ts';
import { asObject, canonicalJson, type Json, parseJson } from '../text/json.ts';
import { count, oneLine } from '../text/text.ts';
import type { Manifest } from './manifest.ts';

/** The manifest as RFC 8785 canonical JSON on one line, with its LF: what is hashed and signed. */
export function manifestText(manifest: Manifest): string {
  return `${canonicalJson(manifest as unknown as Json)}\n`;
}

/** The message of the tag `backup/<id>`. */
export function tagMessage(manifest: Manifest): string {
  return `Backup of ${manifest.session}\n\n${manifestText(manifest)}`;
}

/** What a tag's message says: the session that its first line names, the manifest's line with its LF, and the manifest. Null where it is none of ours. */
export function parseTagMessage(message: string): { session: SessionId; text: string; manifest: Manifest } | null {
  const match = /^Backup of (\S+)\n\n(\{[^\n]*\}\n)/.exec(message);
  const session = asSessionId(match?.[1] ?? '');
  const text = match?.[2] ?? '';
  const value = asObject(parseJson(text));
  if (!session || !value || value.version !== 1 || typeof value.session !== 'string') return null;
  return { session, text, manifest: value as unknown as Manifest };
}

export interface MergeMessageFacts {
  facts: CloseoutFacts;
  manifest: Manifest;
  /** Hex digests of the manifest's text and of the backup file. */
  manifestSha256: string;
  backupSha256: string;
}

/** Subject, body and trailers of the merge commit. */
export function mergeMessage({ facts, manifest, manifestSha256, backupSha256 }: MergeMessageFacts): string {
  const body = [
    facts.goal === null ? null : `Goal: ${oneLine(facts.goal, 500)}`,
    facts.abandoned === null ? null : abandonedText(facts.abandoned),
    done(facts),
    agents(facts),
    kept(facts),
    manifest.presence === 'none' ? 'Approved unattended: the policy asks for no person (presence: none).' : null,
    manifest.accepted.length === 0
      ? null
      : ['Accepted knowingly:', ...manifest.accepted.map((line) => `- ${oneLine(line, 200)}`)].join('\n'),
  ];
  const ending = trailers([
    ['Session-Id', facts.id],
    ['Session-Event', 'closeout'],
    ['Session-Approved-By', manifest.approver.principal],
    ['Session-Manifest', `sha256:${manifestSha256}`],
    ['Session-Backup', `${sessionPaths(facts.id).backup} sha256:${backupSha256}`],
  ]);
  return `${[mergeSubject(facts, manifest), ...body.filter((block) => block !== null), ending.trimEnd()].join('\n\n')}\n`;
}

/** `session: <topic> (<n> changes, <m> artifacts, checks 4/4)`; the counts are those of the facts and the manifest. */
export function mergeSubject(
  facts: Pick<CloseoutFacts, 'topic' | 'workspace' | 'artifacts' | 'patterns' | 'abandoned'>,
  manifest: Pick<Manifest, 'checks'>,
): string {
  if (facts.abandoned) return `session: ${oneLine(facts.topic, 80)} (lessons only, ${count(keptPatterns(facts).length, 'pattern')})`;
  const { passed, needed } = checkScore(manifest.checks);
  const checks = needed === 0 ? 'no checks' : `checks ${passed}/${needed}`;
  return `session: ${oneLine(facts.topic, 80)} (${count(facts.workspace.length, 'change')}, ${count(facts.artifacts.length, 'artifact')}, ${checks})`;
}

/** What became of an abandoned session, in a sentence or two. */
function abandonedText({ reason }: NonNullable<CloseoutFacts['abandoned']>): string {
  return `Abandoned${reason === null ? '' : `: ${oneLine(reason, 500)}`}. None of its changes land, only what it learned.`;
}

const keptPatterns = ({ patterns }: Pick<CloseoutFacts, 'patterns'>) => patterns.filter((pattern) => pattern.kept);

const MOST_LINES = 30;

function done(facts: CloseoutFacts): string | null {
  const lines = [
    ...facts.tasks.map(
      (task) => `- ${oneLine(task.description ?? task.task, 160)}${task.status === 'completed' ? '' : ` (${task.status})`}`,
    ),
    ...(facts.abandoned ? [] : facts.workspace).map((change) => `- ${change.status} ${oneLine(change.path)}`),
    ...(facts.abandoned ? [] : facts.artifacts).map(
      (artifact) => `- ${artifact.kind}/${oneLine(artifactName(artifact.path, artifact.kind))}`,
    ),
  ];
  const more = lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more, listed in ${sessionPaths(facts.id).inventory}`] : [];
  return lines.length === 0 ? null : ['Done:', ...lines.slice(0, MOST_LINES), ...more].join('\n');
}

function agents(facts: CloseoutFacts): string | null {
  const found = agentsOf(facts);
  return found.length === 0
    ? null
    : `Agents: ${found.length} (${agentTypes(found)
        .map((type) => oneLine(type))
        .join(', ')})`;
}

function kept(facts: CloseoutFacts): string | null {
  const names = keptPatterns(facts).map((pattern) => `${oneLine(pattern.key)}${changeNote(pattern)}`);
  return names.length === 0 ? null : ['Patterns kept:', ...names.map((name) => `- ${name}`)].join('\n');
}
