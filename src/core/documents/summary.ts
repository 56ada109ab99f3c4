/** `session-summary.md`: what was accomplished, for people. Pure. */

import { patternLine } from '../pattern/lines.ts';
import type { CheckResult } from '../policy/policy.ts';
import { ARTIFACT_KINDS } from '../session/metadata.ts';
import type { Task } from '../session/tasks.ts';
import { count, oneLine } from '../text/text.ts';
import type { ArtifactFact, CloseoutFacts } from './facts.ts';
import { activeMinutes, agentsOf, agentTypes, entriesByNamespace, wallMinutes } from './figures.ts';
import { artifactName } from './inventory.ts';
import { metricsOf } from './metrics.ts';
import { recordedLine } from './recorded-checks.ts';
import { isDecisions } from './trajectory.ts';

/** The summary of a session as Markdown, with one LF at the end. */
export function summaryOf(facts: CloseoutFacts): string {
  const agents = agentsOf(facts);
  const types = agentTypes(agents);
  const blocks = [
    [
      `## Session Summary: ${plain(facts.topic)}`,
      '',
      ...(facts.goal === null ? [] : [`**Goal**: ${plain(facts.goal, 500)}`, '']),
      ...(facts.abandoned === null ? [] : [abandonedLine(facts.abandoned), '']),
      `**Duration**: ${durationLine(facts)}`,
      '',
      `**Agents spawned**: ${agents.length}${types.length ? ` (${types.map((type) => plain(type)).join(', ')})` : ''}`,
    ],
    section(
      'Tasks',
      facts.tasks.length,
      facts.tasks.map((task) => taskLine(task)),
    ),
    section('Artifacts created', facts.artifacts.length, artifactLines(facts)),
    section(
      'Workspace changes',
      facts.workspace.length,
      facts.workspace.map((change) => `- ${change.status} ${plain(change.path)}`),
    ),
    section(
      'Memory entries',
      facts.memory.length,
      [...entriesByNamespace(facts)].map(([namespace, n]) => memoryLine(facts, namespace, n)),
    ),
    section(
      'Learned patterns',
      facts.patterns.filter((p) => p.kept).length,
      facts.patterns.map((pattern) => patternLine(pattern)),
    ),
    [`**Recommendation**: ${recommendation(facts)}`],
    checkLines(facts),
    notRecorded(facts),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The checks of the closeout; before one, the last runs that the log tells of. */
function checkLines(facts: CloseoutFacts): string[] {
  const { checks, recorded } = facts;
  if (checks.length > 0) {
    const loud = untested(facts) ? [`- ❗ ${UNTESTED}`] : [];
    return ['**Quality checks**:', ...loud, ...checks.map((check) => `- ${checkLine(check)}`)];
  }
  if (recorded.length === 0) return ['**Quality checks**:', '- – no check was recorded'];
  return [
    '**Quality checks** (the last runs; a closeout runs them again):',
    ...recorded.map((run) => `- ${checkMark(run)} ${plain(recordedLine(run))}`),
  ];
}

/** So many keys of a namespace are named. */
const FEW_KEYS = 5;

/** How many entries a namespace has, and the first of their keys. */
function memoryLine(facts: CloseoutFacts, namespace: string, n: number): string {
  const keys = facts.memory.filter((entry) => entry.namespace === namespace && !isDecisions(facts, entry)).map(({ key }) => key);
  const named = keys.slice(0, FEW_KEYS).map((key) => plain(key, 80));
  const more = keys.length > FEW_KEYS ? ` and ${keys.length - FEW_KEYS} more` : '';
  return `- ${plain(namespace)}: ${n}${decisionsNote(facts, namespace)}${named.length > 0 ? ` (${named.join(', ')}${more})` : ''}`;
}

function abandonedLine({ reason }: NonNullable<CloseoutFacts['abandoned']>): string {
  return `**Abandoned**: ${reason === null ? 'no reason recorded' : plain(reason, 500)}; none of its changes landed, only what it learned`;
}

/** Names the entry that the closeout adds by itself, behind the number of its namespace. */
export function decisionsNote(facts: Pick<CloseoutFacts, 'id' | 'memory'>, namespace: string): string {
  const entries = facts.memory.filter((entry) => entry.namespace === namespace);
  if (!entries.some((entry) => isDecisions(facts, entry))) return '';
  return entries.length === 1 ? ": this session's decisions, by the seal" : ", one of them this session's decisions, by the seal";
}

/** `45 minutes (28 active)`; `soFar` for a session that is not sealed yet. */
export function durationLine(facts: CloseoutFacts, soFar = false): string {
  const wall = wallMinutes(facts);
  const active = activeMinutes(facts);
  const worked = active === null ? 'active time not recorded' : `${active} active`;
  return wall === null ? 'not recorded' : `${wall} ${wall === 1 ? 'minute' : 'minutes'}${soFar ? ' so far' : ''} (${worked})`;
}

/** Artifacts kind by kind, each with one line about it. */
export function artifactLines(facts: Pick<CloseoutFacts, 'artifacts' | 'tasks'>, show: Show = plain): string[] {
  return ARTIFACT_KINDS.flatMap((kind) =>
    facts.artifacts
      .filter((artifact) => artifact.kind === kind)
      .map((artifact) => {
        const about = aboutArtifact(artifact, facts.tasks);
        return `- ${kind}/${show(artifactName(artifact.path, kind))}${about ? ` (${show(about, 160)})` : ''}`;
      }),
  );
}

/** The file's own words, else its task's. */
export function aboutArtifact(artifact: ArtifactFact, tasks: readonly Task[]): string | null {
  return artifact.about ?? tasks.find((task) => task.task === artifact.task)?.description ?? null;
}

/** One line of a task: status, what it was, whose, and what was noted at its end. */
export function taskLine(task: Task, show: Show = plain): string {
  const who = task.agent.type === null ? '' : ` (${show(task.agent.type)})`;
  const note = task.note ? `: ${show(task.note, 160)}` : '';
  return `- ${task.status}: ${show(task.description ?? task.task, 160)}${who}${note}`;
}

/** ✅ passed, ❌ failed, – anything that is neither. */
export function checkMark(check: Pick<CheckResult, 'status'>): '✅' | '❌' | '–' {
  if (check.status === 'passed') return '✅';
  return check.status === 'failed' || check.status === 'timed-out' ? '❌' : '–';
}

/** One line of a check: mark, name, what it came to. */
export function checkLine(check: CheckResult, show: Show = plain): string {
  const status = check.status === 'passed' || check.status === 'failed' ? '' : `${check.status.replaceAll('-', ' ')}: `;
  const covered = check.coverage === null ? '' : ` (${check.coverage}% coverage)`;
  const again = check.reused_from === null ? '' : ` (from this machine's cache, not run again; of ${show(check.reused_from)})`;
  return `${checkMark(check)} ${show(check.name)}: ${status}${show(check.detail, 200)}${covered}${check.required ? '' : ' (not required)'}${again}`;
}

/** No command ran on what would land: the policy names none. What an abandoned session learned needs none. */
export function untested({ checks, abandoned }: Pick<CloseoutFacts, 'checks' | 'abandoned'>): boolean {
  return abandoned === null && checks.length > 0 && checks.every(({ source }) => source === 'built-in');
}

/** What is said of such a session, loudly. */
export const UNTESTED = 'Nothing was tested: the policy names no check (checks.list in .sessionrc.yaml).';

const ARCHIVE = 'Close the session and archive it to .swarm/backups/';

/** What the check results alone suggest. */
export function recommendation(facts: Pick<CloseoutFacts, 'checks' | 'recorded' | 'abandoned'>, show: Show = plain): string {
  const { checks, recorded } = facts;
  if (checks.length === 0 && recorded.length > 0) return 'Close out when the work is done: the checks run again then';
  const open = checks.filter((check) => check.status !== 'passed' && check.status !== 'not-needed');
  const names = (list: readonly CheckResult[]) => list.map((check) => show(check.name)).join(', ');
  const required = open.filter((check) => check.required);
  if (required.length > 0) return `Do not close yet: ${names(required)} must pass first`;
  if (open.length > 0) return `${ARCHIVE}, once someone has looked at ${names(open)}${untested(facts) ? '; nothing was tested' : ''}`;
  if (untested(facts)) return `${ARCHIVE}, only after a look: nothing was tested`;
  return checks.length > 0 ? ARCHIVE : `${ARCHIVE}, only after a look: no check was recorded`;
}

function notRecorded(facts: CloseoutFacts): string[] {
  const lines = missing(facts).map((place) => `- ${place}`);
  return ['**Not recorded**:', ...(lines.length ? lines : ['- nothing is missing'])];
}

/** Places of metrics.json in plain words, by why nobody knows them. */
const PLACES: { why: string; places: Record<string, string> }[] = [
  {
    why: 'no agent client reported them',
    places: {
      'tasks[].tokens': 'tokens',
      'agents[].tokens': 'tokens',
      'tasks[].tool_calls': 'tool calls',
      'agents[].tool_calls': 'tool calls',
      'tasks[].model': 'models',
    },
  },
  {
    why: 'nobody said which',
    places: { 'agents[].type': 'the kind of some agents', 'tasks[].agent_type': 'who did some tasks' },
  },
  { why: 'nobody described them', places: { 'tasks[].description': 'what some tasks were' } },
  { why: 'some tasks have not ended', places: { 'agents[].duration_minutes': 'how long some agents worked' } },
  {
    why: 'binary files have none, and some edited files are gone',
    places: {
      lines_added: 'the number of changed lines',
      lines_removed: 'the number of changed lines',
      'tasks[].lines_added': 'the number of changed lines of some tasks',
      'tasks[].lines_removed': 'the number of changed lines of some tasks',
      'agents[].lines_added': 'the number of changed lines of some tasks',
      'agents[].lines_removed': 'the number of changed lines of some tasks',
    },
  },
  { why: 'too little was recorded', places: { active_minutes: 'active time' } },
  { why: 'no check reported it', places: { test_coverage: 'test coverage' } },
];

/** What nobody recorded: figures, the goal, checks, unreadable lines of the log. */
export function missing(facts: CloseoutFacts, show: Show = plain): string[] {
  const covered = facts.checks.length === 0 && facts.recorded.some(({ coverage }) => coverage !== undefined);
  const unknown = metricsOf(facts).not_recorded.filter(
    (place) => (place !== 'tasks[].agent_type' || agentlessTasks(facts)) && !(place === 'test_coverage' && covered),
  );
  const named = PLACES.flatMap(({ why, places }) => {
    const words = [...new Set(unknown.flatMap((place) => places[place] ?? []))];
    return words.length === 0 ? [] : [`${inWords(words)} (${why})`];
  });
  const known = new Set(PLACES.flatMap(({ places }) => Object.keys(places)));
  return [
    ...(facts.goal === null ? ['the goal (none was given at the start)'] : []),
    ...named,
    ...unknown.filter((place) => !known.has(place)).map((place) => place.replaceAll('_', ' ')),
    ...facts.checks
      .filter((check) => checkMark(check) === '–' && check.status !== 'not-needed')
      .map((check) => `check ${show(check.name)}`),
    ...(facts.records.bad > 0 ? [`${count(facts.records.bad, 'unreadable line')} of the log`] : []),
  ];
}

/** "a, b and c". */
function inWords(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words.at(-1) ?? ''].filter(Boolean).join(' and ');
}

/** Whether an agent's task names no agent; a person's own task has none to name. */
function agentlessTasks({ tasks, personTasks }: CloseoutFacts): boolean {
  return tasks.some(({ task, agent }) => agent.type === null && !personTasks.has(task));
}

function section(title: string, n: number, lines: string[]): string[] {
  return [`**${title}**: ${n}`, ...lines];
}

/** How text of agents and files is put on a line: escaped for what reads it. */
export type Show = (text: string, max?: number) => string;

/** Text of agents and files as one line that Markdown takes as text: no raw HTML, links or code. */
function plain(text: string, max = 200): string {
  return oneLine(text, max).replace(/[\\<>[\]`]/g, '\\$&');
}
