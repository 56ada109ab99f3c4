/** Who did what, when and for how long; tokens where a client reported them. */

import type { CloseoutFacts } from '../../core/documents/facts.ts';
import { type AgentFact, agentsOf, taskMinutes } from '../../core/documents/figures.ts';
import type { Task } from '../../core/session/tasks.ts';
import { count, numberText, oneLine } from '../../core/text/text.ts';
import { cell, headed, type Line, paragraph, plainLine, type ScreenTone, span, spread } from '../rows.ts';
import { timeline } from '../timeline.ts';
import { clockText, minutesText, momentText, UNKNOWN } from '../words.ts';
import type { Screen } from './view.ts';

export const agentsScreen: Screen = ({ data, width, draws }) => {
  const facts = data.review?.facts;
  if (!facts) return paragraph('Not read yet.', width, 'dim');
  const groups = groupsOf(facts);
  if (groups.length === 0) return paragraph('No task of an agent was recorded.', width, 'dim');
  return [...(draws ? drawn(facts, groups, width) : []), ...groups.flatMap((group) => groupLines(group, width))];
};

interface Group {
  name: string;
  tasks: Task[];
}

function groupsOf(facts: CloseoutFacts): Group[] {
  const people = facts.tasks.filter(({ task }) => facts.personTasks.has(task));
  const agents = agentsOf(facts).map((agent) => ({ name: nameOf(agent), tasks: agent.tasks }));
  return people.length === 0 ? agents : [...agents, { name: 'without an agent', tasks: people }];
}

function nameOf({ type, name, id }: AgentFact): string {
  return `${oneLine(type ?? name, 40)}${type === null ? ' (type not recorded)' : ''}${id === null ? '' : ` ${oneLine(id, 12)}`}`;
}

function drawn(facts: CloseoutFacts, groups: readonly Group[], width: number): Line[] {
  const from = Date.parse(facts.created_at);
  const to = Date.parse(facts.closed_at);
  const names = Math.min(24, Math.max(...groups.map(({ name }) => name.length), 8));
  const room = width - names - 5;
  if (!(to > from) || room < 10) return [];
  const ends = spread([span(momentText(from), 'dim')], [span(clockText(to), 'dim')], room);
  return [
    plainLine(span(`  ${' '.repeat(names)}  `), ...ends),
    ...groups.map(({ name, tasks }) =>
      plainLine(span(`  ${cell(name, names)}  `), span(timeline(tasks, { from, to, width: room }), 'accent')),
    ),
    plainLine(span(`  ${' '.repeat(names)}  \u2588 at work  \u2591 end not recorded`, 'dim')),
  ];
}

function groupLines({ name, tasks }: Group, width: number): Line[] {
  return [
    ...headed(name, [count(tasks.length, 'task'), totalTime(tasks), tokensText(tasks)].join(' \u00b7 ')),
    ...tasks.flatMap((task) => taskLines(task, width)),
  ];
}

const MARKS: Record<Task['status'], [string, ScreenTone]> = {
  completed: ['\u2713', 'good'],
  failed: ['\u2717', 'bad'],
  cancelled: ['\u2013', 'warn'],
  open: ['\u25cb', 'warn'],
};

function taskLines(task: Task, width: number): Line[] {
  const [mark, tone] = MARKS[task.status];
  const until = task.finished_at === null ? 'no end recorded' : clockText(task.finished_at);
  const facts = [
    `${clockText(task.started_at)} to ${until}`,
    task.finished_at === null ? `time ${UNKNOWN}` : minutesText(taskMinutes(task)),
    task.tokens === null ? `tokens ${UNKNOWN}` : `${numberText(task.tokens)} tokens`,
    task.tool_calls === null ? `tool calls ${UNKNOWN}` : count(task.tool_calls, 'tool call'),
    `${count(task.files.length, 'file')} in ${count(task.edits, 'edit')}`,
    ...(task.model === null ? [] : [oneLine(task.model, 40)]),
  ];
  const what = `${task.status}: ${oneLine(task.description ?? task.task, 300)}`;
  return [
    ...paragraph(what, width - 6, tone === 'good' ? 'plain' : tone, 0).map((line, n) =>
      plainLine(span(`    ${n === 0 ? mark : ' '} `, tone), ...line.draw()),
    ),
    ...paragraph(facts.join(' \u00b7 '), width, 'dim', 6),
    ...(task.note ? paragraph(oneLine(task.note, 400), width, 'dim', 6) : []),
  ];
}

function totalTime(tasks: readonly Task[]): string {
  const known = tasks.flatMap((task) => taskMinutes(task) ?? []);
  if (known.length === 0) return `time ${UNKNOWN}`;
  const sum = Math.round(known.reduce((total, minutes) => total + minutes, 0) * 10) / 10;
  return `${minutesText(sum)}${known.length < tasks.length ? ` (${known.length} of ${tasks.length} tasks)` : ''}`;
}

function tokensText(tasks: readonly Task[]): string {
  const known = tasks.flatMap(({ tokens }) => tokens ?? []);
  if (known.length === 0) return `tokens ${UNKNOWN}`;
  const sum = numberText(known.reduce((total, tokens) => total + tokens, 0));
  return `${sum} tokens${known.length < tasks.length ? ` (${known.length} of ${tasks.length} tasks)` : ''}`;
}
