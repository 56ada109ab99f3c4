/** The first screen: the goal as it was asked, what needs eyes, and every figure in one line. */

import { caveats, type ReviewFacts } from '../../core/closeout/review.ts';
import { agentsOf, agentTypes, entriesByNamespace } from '../../core/documents/figures.ts';
import { decisionsNote, durationLine, missing, recommendation, UNTESTED, untested } from '../../core/documents/summary.ts';
import { ARTIFACT_KINDS } from '../../core/session/metadata.ts';
import { count, numberText, oneLine } from '../../core/text/text.ts';
import { progressOf, type ReviewData } from '../data.ts';
import { headed, type Line, labelled, paragraph, plainLine, type ScreenTone, shortRow } from '../rows.ts';
import type { Edits, Screen } from './view.ts';

/** Stands where a figure is still to come, so that nothing moves when it does. */
const SOON = '\u2026';

export const summaryScreen: Screen = ({ data, edits, width }) => {
  const { review } = data;
  const facts = review?.facts ?? null;
  const ready = data.stage === 'ready';
  const long = (label: string, text: string | null, tone: ScreenTone = 'plain') =>
    labelled(label, text ?? SOON, width, text === null ? 'dim' : tone);
  // One row each, whatever comes: the screens behind have the whole.
  const row = (label: string, text: string | null, tone: ScreenTone = 'plain') =>
    shortRow(label, text ?? SOON, text === null ? 'dim' : tone);
  return [
    ...long('Goal', data.goal === null ? 'not recorded' : oneLine(data.goal, 2000), data.goal === null ? 'dim' : 'title'),
    row('Session', data.id, 'dim'),
    row('Lands on', review && `${oneLine(review.base)}${review.land === 'pr' ? ', by pull request' : ''}`),
    row('Needs eyes', ready ? eyesText(data) : null, marksOf(data).length > 0 ? 'warn' : 'plain'),
    plainLine(),
    row('Duration', facts && durationLine(facts, !review?.sealed)),
    row('Agents', facts && agentsText(facts)),
    row('Tasks', facts && tasksText(facts)),
    row('Artifacts', facts && artifactsText(facts)),
    row('Changes', facts && changesText(facts)),
    row('Memory', facts && memoryText(facts)),
    row('Patterns', facts && patternsText(facts, edits)),
    row('Checks', checksText(data)),
    row(
      'Summary',
      edits.summary ? 'edited by you; the seal marks it so' : 'the seal writes it from the records',
      edits.summary ? 'warn' : 'dim',
    ),
    plainLine(),
    ...long('Recommendation', facts && ready ? recommendation(facts, oneLine) : null),
    ...long('Signature', review && signatureText(review)),
    ...(review ? caveats(review).flatMap((text) => long('', text, 'warn')) : []),
    ...long('Not recorded', facts && ready ? missing(facts, oneLine).join(', ') || 'nothing is missing' : null, 'dim'),
    ...attention(data, width),
  ];
};

/** What has to be looked at, each in a line. */
function marksOf({ review, concerns, blocked }: ReviewData): string[] {
  const loud = review && untested(review.facts) ? [UNTESTED] : [];
  const again = review?.again ? [`asked again: ${review.again}`] : [];
  return [
    ...again,
    ...blocked.map((name) => `required check ${oneLine(name, 80)} has not passed: nobody can approve`),
    ...loud,
    ...concerns,
    ...ownInputs(review),
  ];
}

/** Checks of which the session changed what they run: where a test that cannot fail would hide. */
function ownInputs(review: ReviewData['review']): string[] {
  const changed = (review?.facts.checks ?? []).filter((check) => check.inputs_changed.length > 0);
  return changed.map(({ name, inputs_changed: [first = '', ...rest] }) => {
    const more = rest.length === 0 ? '' : ` and ${rest.length} more`;
    return `check ${oneLine(name, 80)}: this session changed what it runs (${oneLine(first, 120)}${more})`;
  });
}

function eyesText(data: ReviewData): string {
  const marks = marksOf(data);
  if (marks.length === 0) return 'nothing stands out';
  return marks.length === 1 ? `! ${marks[0]}` : `! ${marks.length} things, listed below: ${marks[0]}`;
}

/** The same at full length, and why it came back last time. */
function attention(data: ReviewData, width: number): Line[] {
  const { review, stage } = data;
  if (!review) return [];
  const marks = stage === 'ready' ? marksOf(data) : [];
  return [
    ...(marks.length === 0 ? [] : headed('Needs your eyes')),
    ...marks.flatMap((mark) => paragraph(`! ${mark}`, width, 'warn', 4)),
    ...(review.rejected.length === 0 ? [] : headed('Sent back last time because')),
    ...review.rejected.flatMap(({ text, path, line }) =>
      paragraph(`- ${path === undefined ? '' : `${oneLine(path)}:${line ?? ''}: `}${oneLine(text, 400)}`, width, 'plain', 4),
    ),
  ];
}

type Facts = ReviewFacts['facts'];

function agentsText(facts: Facts): string {
  const agents = agentsOf(facts);
  const types = agentTypes(agents).map((type) => oneLine(type, 60));
  return `${agents.length}${types.length > 0 ? ` (${types.join(', ')})` : ''}`;
}

function tasksText({ tasks }: Facts): string {
  if (tasks.length === 0) return 'none recorded';
  const done = tasks.filter(({ status }) => status === 'completed').length;
  const open = tasks.filter(({ status }) => status !== 'completed');
  const which = open.map(({ status, description, task }) => `${status}: ${oneLine(description ?? task, 60)}`);
  return `${done} of ${tasks.length} completed${which.length > 0 ? `; ${which.join('; ')}` : ''}`;
}

function artifactsText({ artifacts }: Facts): string {
  const kinds = ARTIFACT_KINDS.flatMap((kind) => {
    const n = artifacts.filter((artifact) => artifact.kind === kind).length;
    return n > 0 ? [`${kind} ${n}`] : [];
  });
  return artifacts.length === 0 ? 'none' : `${artifacts.length} (${kinds.join(', ')})`;
}

function changesText({ workspace }: Facts): string {
  if (workspace.length === 0) return 'none outside the session folder';
  const of = (status: string) => workspace.filter((change) => change.status === status).length;
  const parts = (['added', 'modified', 'deleted'] as const).flatMap((status) => (of(status) > 0 ? [`${of(status)} ${status}`] : []));
  const sum = (side: 'added' | 'removed') => numberText(workspace.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0));
  const binary = workspace.filter(({ lines }) => lines === null).length;
  return `${workspace.length} (${parts.join(', ')}; +${sum('added')} -${sum('removed')}${binary > 0 ? `, ${count(binary, 'file')} without lines` : ''})`;
}

function memoryText(facts: Facts): string {
  const spaces = [...entriesByNamespace(facts)].map(([namespace, n]) => `${oneLine(namespace, 60)} ${n}${decisionsNote(facts, namespace)}`);
  return facts.memory.length === 0 ? 'none' : `${facts.memory.length} (${spaces.join(', ')})`;
}

function patternsText({ patterns }: Facts, { dropped, patterns: edited }: Edits): string {
  if (patterns.length === 0) return 'none learned';
  const gone = patterns.filter(({ key, kept }) => !kept || dropped.has(key)).length;
  const notes = [...(gone > 0 ? [`${gone} dropped`] : []), ...(edited.size > 0 ? [`${edited.size} edited`] : [])];
  return `${patterns.length} learned${notes.length > 0 ? `, ${notes.join(', ')}` : ''}`;
}

function checksText(data: ReviewData): string | null {
  if (data.checks.length === 0) return data.stage === 'ready' ? 'no check was recorded' : null;
  const { passed, of, left, failed } = progressOf(data);
  const rest = [...(failed > 0 ? [`${failed} not`] : []), ...(left > 0 ? [`${left} to come`] : [])];
  return `${passed} of ${of} passed${rest.length > 0 ? `, ${rest.join(', ')}` : ''}`;
}

function signatureText({ signs, land, sealed }: ReviewFacts): string {
  if (land === 'pr' && !sealed)
    return 'none now: yes seals the session for a pull request; an approver signs afterwards (git session approve)';
  return signs === null ? 'none now' : `by ${signs}`;
}
