/** What a person reads before approving, as lines, and what has to be accepted on its own. Pure. */

import type { CloseoutFacts } from '../documents/facts.ts';
import { agentsOf, agentTypes, entriesByNamespace } from '../documents/figures.ts';
import {
  artifactLines,
  checkLine,
  checkMark,
  decisionsNote,
  durationLine,
  missing,
  recommendation,
  taskLine,
  UNTESTED,
  untested,
} from '../documents/summary.ts';
import { patternLine, proposalLines } from '../pattern/lines.ts';
import type { Policy } from '../policy/policy.ts';
import type { SensitiveChange } from '../policy/sensitive.ts';
import { type Reason, reasonText } from '../session/reason.ts';
import { count, numberText, oneLine } from '../text/text.ts';
import type { LandingPreview } from './landing-preview.ts';

export type Tone = 'plain' | 'title' | 'heading' | 'good' | 'bad' | 'warn' | 'dim';

export interface ReviewLine {
  text: string;
  tone: Tone;
  /** Columns by which its continuation is set in. */
  indent: number;
}

export interface ReviewFacts {
  facts: CloseoutFacts;
  /** The commits between which the session's changes lie. */
  range: { from: string; to: string };
  /** Short name of the branch that it lands on, and how. */
  base: string;
  land: Policy['land']['by'];
  sensitive: SensitiveChange[];
  strays: { path: string; use: string | null }[];
  /** Branches of remotes, as fetched last, that went on with the session: what they have more would not land. */
  elsewhere: { name: string; commits: number }[];
  leftovers: string[];
  held: { path: string; why: string }[];
  /** The end of what failing checks printed, by name, and where all of it is. */
  outputs: ReadonlyMap<string, FailedOutput>;
  /** It is sealed already: its figures do not change any more. */
  sealed: boolean;
  /** Who would sign with what; null where nothing is signed now. */
  signs: string | null;
  /** The policy asks for no person. */
  unattended: boolean;
  /** The policy is one of this clone alone. */
  localPolicy: boolean;
  /** Reasons of the last rejection, newest. */
  rejected: Reason[];
  /** Why it is asked once more. */
  again: string | null;
  /** What a yes is going to do; null where nobody decides now. */
  landing: LandingPreview | null;
  /** What changed since the review that was sent back last; null where none was. */
  since: Since | null;
}

/** Files that differ from what an earlier review showed. */
export interface Since {
  /** The tip of that review, and its time (ISO). */
  commit: string;
  at: string;
  files: { path: string; status: 'added' | 'modified' | 'deleted'; lines: { added: number; removed: number } | null }[];
}

/** The last lines of a check's output, safe to print, and the file that holds the whole. */
export interface FailedOutput {
  lines: string[];
  log: string;
}

/** The question at the end of every review. */
export const QUESTION = 'Approve closeout? (yes/no)';

const line = (text: string, tone: Tone = 'plain', indent = 2): ReviewLine => ({
  text: ' '.repeat(indent) + text,
  tone,
  indent: indent + 2,
});
const heading = (text: string): ReviewLine[] => [line('', 'plain', 0), line(text, 'heading', 0)];
const show = (text: string, max = 200) => oneLine(text, max);

/** The whole review. */
export function reviewLines(review: ReviewFacts): ReviewLine[] {
  const { facts } = review;
  return [
    line(`Closeout of ${show(facts.topic)}`, 'title', 0),
    line(`Goal: ${facts.goal === null ? 'not recorded' : show(facts.goal, 500)}`, facts.goal === null ? 'dim' : 'plain', 0),
    line(`${facts.id}, to land on ${show(review.base)}${review.land === 'pr' ? ' by pull request' : ''}`, 'dim', 0),
    ...(facts.abandoned ? lessonsOnly(facts.abandoned.reason) : []),
    ...(review.again === null ? [] : [line(`Asked again: ${review.again}`, 'warn', 0)]),
    ...sensitive(review.sensitive),
    ...rejected(review.rejected),
    ...summary(facts, review.sealed),
    ...checks(facts, review.outputs),
    ...outside(review),
    ...notRecorded(facts),
    ...signature(review),
  ];
}

function lessonsOnly(reason: string | null): ReviewLine[] {
  return [
    line(`Abandoned${reason === null ? '' : `: ${show(reason, 400)}`}`, 'warn', 0),
    line('Lessons only: its outcomes and pitfalls land, and none of its changes.', 'plain', 0),
  ];
}

function sensitive(changes: readonly SensitiveChange[]): ReviewLine[] {
  if (changes.length === 0) return [];
  return [
    ...heading('This session changes what decides about sessions or machines'),
    ...changes.map(({ path, about }) => line(`${about}: ${show(path)}`, 'warn')),
  ];
}

function rejected(reasons: ReviewFacts['rejected']): ReviewLine[] {
  if (reasons.length === 0) return [];
  return [...heading('Sent back last time because'), ...reasons.map((reason) => line(show(reasonText(reason), 600)))];
}

function summary(facts: CloseoutFacts, sealed: boolean): ReviewLine[] {
  const agents = agentsOf(facts);
  const types = agentTypes(agents).map((type) => show(type));
  const listed = (title: string, lines: string[], tone: (text: string) => Tone = () => 'plain') =>
    lines.length === 0
      ? [line(`${title}: none`, 'plain', 0)]
      : [line(`${title}: ${lines.length}`, 'heading', 0), ...lines.map((text) => line(text, tone(text)))];
  const memory = [...entriesByNamespace(facts)].map(([namespace, n]) => `${show(namespace)} ${n}${decisionsNote(facts, namespace)}`);
  return [
    line('', 'plain', 0),
    line(`Duration: ${durationLine(facts, !sealed)}`, 'plain', 0),
    line(`Agents spawned: ${agents.length}${types.length > 0 ? ` (${types.join(', ')})` : ''}`, 'plain', 0),
    ...listed(
      'Tasks',
      facts.tasks.map((task) => taskLine(task, show)),
      (text) => (text.startsWith('- completed') ? 'plain' : 'warn'),
    ),
    ...listed('Artifacts created', artifactLines(facts, show)),
    ...listed(
      'Workspace changes',
      facts.workspace.map(
        ({ status, path, lines }) =>
          `- ${status} ${show(path)}${lines ? ` (+${numberText(lines.added)} -${numberText(lines.removed)})` : ''}`,
      ),
    ),
    line(`Memory entries: ${facts.memory.length}${memory.length > 0 ? ` (${memory.join(', ')})` : ''}`, 'plain', 0),
    ...proposals(facts),
    line(`Recommendation: ${recommendation(facts, show)}`, 'plain', 0),
  ];
}

function proposals({ patterns }: CloseoutFacts): ReviewLine[] {
  if (patterns.length === 0) return [line('Learned patterns: none', 'plain', 0)];
  return [
    line(`Learned patterns: ${patterns.length}`, 'heading', 0),
    ...patterns.flatMap((pattern) => [line(patternLine(pattern, show)), ...proposalLines(pattern).map((text) => line(text, 'dim', 4))]),
  ];
}

const TONES = { '✅': 'good', '❌': 'bad', '–': 'dim' } as const;

function checks(facts: CloseoutFacts, outputs: ReviewFacts['outputs']): ReviewLine[] {
  if (facts.checks.length === 0) return [...heading('Quality checks'), line('– no check was recorded', 'warn')];
  return [
    ...heading('Quality checks'),
    ...(untested(facts) ? [line(`! ${UNTESTED}`, 'warn')] : []),
    ...facts.checks.flatMap((check) => [
      ...(check.inputs_changed.length > 0
        ? [line(`This session changed what ${show(check.name)} runs: ${check.inputs_changed.map((path) => show(path)).join(', ')}`, 'warn')]
        : []),
      line(
        checkLine(check, show),
        check.status === 'not-needed'
          ? 'dim'
          : check.reused_from !== null
            ? 'warn'
            : check.status === 'passed'
              ? 'good'
              : check.required
                ? 'bad'
                : TONES[checkMark(check)],
      ),
      // What a built-in check found stands in its line.
      ...(check.source === 'policy' ? output(check.name, outputs.get(check.name)) : []),
    ]),
  ];
}

function output(name: string, printed: FailedOutput | undefined): ReviewLine[] {
  if (!printed) return [];
  return [
    ...printed.lines.map((text) => line(`\u2502 ${show(text)}`, 'dim', 4)),
    line(`The whole output: ${show(printed.log, 400)}`, 'dim', 4),
    line(`To run it alone: git session check ${quoted(name)}`, 'dim', 4),
  ];
}

/** A name as one word of a shell. */
function quoted(name: string): string {
  const text = show(name);
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function outside({ strays, leftovers, held }: ReviewFacts): ReviewLine[] {
  return [
    ...(strays.length > 0 ? heading('Not where routing wants it') : []),
    ...strays.map(({ path, use }) => line(`${show(path)}${use === null ? '' : ` (belongs at ${show(use)})`}`, 'warn')),
    ...(leftovers.length + held.length > 0 ? heading('Uncommitted, and not part of this closeout (--include <path> brings one in)') : []),
    ...leftovers.map((path) => line(show(path))),
    ...held.map(({ path, why }) => line(`${show(path)} (${show(why)})`)),
  ];
}

function notRecorded(facts: CloseoutFacts): ReviewLine[] {
  const places = missing(facts, show);
  return places.length === 0 ? [] : [...heading('Not recorded'), line(places.join(', '), 'dim')];
}

/** What makes the approval worth less, a sentence each. */
export function caveats({ unattended, localPolicy }: Pick<ReviewFacts, 'unattended' | 'localPolicy'>): string[] {
  return [
    ...(unattended ? ['Unattended: the policy asks for no person (presence: none).'] : []),
    ...(localPolicy ? ['Policy: local. It is this clone\u2019s own, so git session verify calls the approval unaudited.'] : []),
  ];
}

function signature(review: ReviewFacts): ReviewLine[] {
  const { signs, land, sealed } = review;
  const sealing = land === 'pr' && !sealed;
  const by = sealing
    ? 'Lands by pull request: yes seals the session for its review and signs nothing. An approver signs afterwards (git session approve).'
    : signs === null
      ? null
      : `Signed by ${signs}`;
  return [...(by === null ? [] : [line('', 'plain', 0), line(by, 'plain', 0)]), ...caveats(review).map((text) => line(text, 'warn', 0))];
}

/** What stands right above the question on paper: the concerns once more, or why there is no question. */
export function closingLines(concerns: readonly string[], blocked: readonly string[], id: string): ReviewLine[] {
  if (blocked.length === 0) return [line('', 'plain', 0), ...concernLines(concerns), line(QUESTION, 'title', 0)];
  return [
    line('', 'plain', 0),
    ...concernLines(concerns),
    line(`${cannotApprove(blocked)} Send it back with git session reject ${id} --reason "...", or leave it as it is.`, 'bad', 0),
  ];
}

/** Every concern on a line of its own. */
export function concernLines(concerns: readonly string[]): ReviewLine[] {
  return concerns.map((concern) => line(`! ${concern}`, 'warn', 0));
}

/** Why nobody can approve. */
export function cannotApprove(blocked: readonly string[]): string {
  return `It cannot be approved: ${blocked.map((name) => show(name, 80)).join(', ')} must pass first.`;
}

/** What the topic has to be typed for: something failed, was not recorded, did not run again, is unrouted, or changes policy and the like. */
export function concernsOf(review: Pick<ReviewFacts, 'facts' | 'sensitive' | 'strays' | 'elsewhere'>): string[] {
  const open = review.facts.checks.filter((check) => !check.required && check.status !== 'passed' && check.status !== 'not-needed');
  const reused = review.facts.checks.filter((check) => check.required && check.reused_from !== null);
  // That tasks of an abandoned session did not end well is no news.
  const tasks = review.facts.abandoned ? [] : review.facts.tasks.filter((task) => task.status !== 'completed');
  return [
    ...review.sensitive.map(({ path, about }) => `changes ${about}: ${show(path)}`),
    ...open.map((check) => `check ${show(check.name)}: ${check.status.replaceAll('-', ' ')}`),
    ...reused.map((check) => `check ${show(check.name)}: required, and not run again (a file of this machine says that it passed)`),
    ...tasks.map((task) => `task ${show(task.description ?? task.task, 160)}: ${task.status}`),
    ...review.strays.map(({ path }) => `unrouted: ${show(path)}`),
    ...review.elsewhere.map(
      ({ name, commits }) => `${show(name)} has ${count(commits, 'commit')} more, which would not land: git session sync brings them in`,
    ),
  ];
}
