/** Running sessions as lines: agents at work, last edits, memory, checks. Pure. */

import { dirname } from 'node:path/posix';
import type { AnyRecord, SessionRecord } from '../core/log/record.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import { foldTasks, type Task } from '../core/session/tasks.ts';
import { count, oneLine } from '../core/text/text.ts';
import type { Followed } from '../lifecycle/session/follow-sessions.ts';
import { liveTasks } from '../lifecycle/session/live.ts';
import { type Line, paragraph, plainLine, shortRow, span, spread } from './rows.ts';
import { clockText, momentText } from './words.ts';

export interface WatchView {
  sessions: readonly Followed[];
  /** Ids of sessions that are shown at length. */
  opened: ReadonlySet<string>;
  width: number;
  /** Milliseconds since the epoch. */
  now: number;
}

/** So many of each are shown of a session, and of one that is opened. */
const FEW = 2;
const MORE = 12;

export function watchLines({ sessions, opened, width, now }: WatchView): Line[] {
  if (sessions.length === 0) return paragraph('No session is open here. Start one with: git session start <topic>', width, 'dim');
  return sessions.flatMap((one, i) => [...(i > 0 ? [plainLine()] : []), ...sessionLines(one, opened.has(one.session.id), width, now)]);
}

/** Agents at work now, over all sessions. */
export const atWork = (sessions: readonly Followed[], now: number): number =>
  sessions.reduce((sum, { records }) => sum + working(foldTasks(records), records, now).length, 0);

const working = (tasks: readonly Task[], records: readonly AnyRecord[], now: number) =>
  liveTasks(
    tasks.filter(({ status }) => status === 'open'),
    records,
    now,
  );

function sessionLines({ session, state, records }: Followed, open: boolean, width: number, now: number): Line[] {
  const most = open ? MORE : FEW;
  const tasks = foldTasks(records);
  const live = new Set(working(tasks, records, now).map(({ task }) => task));
  const { topic, goal, created_at } = session.metadata;
  const shown = open ? tasks.slice(-MORE) : tasks.filter(({ status }) => status === 'open').slice(-MORE);
  const head = [
    span(open ? '\u25be ' : '\u25b8 ', 'accent'),
    span(oneLine(topic, 80), 'heading'),
    span(`  ${state}`, state === 'active' ? 'good' : 'warn'),
  ];
  return [
    { target: `session:${session.id}`, draw: () => spread(head, [span(`since ${momentText(created_at)}`, 'dim')], width - 3) },
    ...(goal === null ? [] : paragraph(oneLine(goal, open ? 600 : 160), width, 'dim', 5)),
    ...shown.map((task) => taskLine(task, live.has(task.task), width)),
    ...(shown.length === 0
      ? [plainLine(span(`     ${tasks.length === 0 ? 'no task yet' : `no task is open; ${count(tasks.length, 'task')} ended`}`, 'dim'))]
      : []),
    ...listed('edits', editTexts(session.id, records), most),
    ...listed('memory', memoryTexts(records), most),
    ...checkLines(records, open, width),
  ];
}

function taskLine(task: Task, live: boolean, width: number): Line {
  const [mark, tone, word] =
    task.status !== 'open'
      ? task.status === 'completed'
        ? (['\u2713', 'good', 'completed'] as const)
        : (['\u2717', 'bad', task.status] as const)
      : live
        ? (['\u25cf', 'accent', 'at work'] as const)
        : (['\u25cb', 'warn', 'silent'] as const);
  const right = `${count(task.files.length, 'file')}  since ${clockText(task.started_at)}`;
  const left = [
    span(`     ${mark} `, tone),
    span(`${oneLine(task.agent.type ?? task.agent.name, 24)}  `, 'title'),
    span(oneLine(task.description ?? task.task, 300)),
    span(`  ${word}`, tone),
  ];
  return plainLine(...spread(left, [span(right, 'dim')], width));
}

/** Newest first, a label before the first. */
function listed(label: string, texts: readonly string[], most: number): Line[] {
  const shown = texts.slice(0, most);
  const rest = texts.length - shown.length;
  return shown.map((text, i) =>
    shortRow(i === 0 ? `   ${label}` : '', `${text}${i === shown.length - 1 && rest > 0 ? `  and ${rest} before` : ''}`),
  );
}

const of = <K extends AnyRecord['kind']>(records: readonly AnyRecord[], kind: K) =>
  records.filter((record): record is Extract<AnyRecord, SessionRecord<K>> => record.kind === kind).reverse();

function editTexts(id: Followed['session']['id'], records: readonly AnyRecord[]): string[] {
  const seen = new Set<string>();
  const folder = `${dirname(sessionPaths(id).artifacts)}/`;
  return of(records, 'file.edited').flatMap(({ data, actor, at }) => {
    if (seen.has(data.path)) return [];
    seen.add(data.path);
    const path = data.path.startsWith(folder) ? data.path.slice(folder.length) : data.path;
    return [`${clockText(at)} ${oneLine(path, 200)}${data.blob === null ? ' (deleted)' : ''}  ${oneLine(actor.name, 24)}`];
  });
}

function memoryTexts(records: readonly AnyRecord[]): string[] {
  const written = records.filter(({ kind }) => kind === 'memory.stored' || kind === 'memory.deleted').reverse();
  return written.flatMap((record) => {
    if (record.kind !== 'memory.stored' && record.kind !== 'memory.deleted') return [];
    const { namespace, key } = record.data;
    const what = record.kind === 'memory.deleted' ? ' (deleted)' : '';
    return [`${clockText(record.at)} ${oneLine(`${namespace}/${key}`, 200)}${what}  ${oneLine(record.actor.name, 24)}`];
  });
}

function checkLines(records: readonly AnyRecord[], open: boolean, width: number): Line[] {
  const last = new Map<string, SessionRecord<'check.ran'>>();
  for (const record of of(records, 'check.ran')) if (!last.has(record.data.name)) last.set(record.data.name, record);
  if (last.size === 0) return [shortRow('   checks', 'none has run', 'dim')];
  const text = [...last.values()].map(({ data }) => {
    const mark = data.status === 'passed' ? '\u2713' : data.status === 'not-needed' ? '\u2013' : '\u2717';
    return `${mark} ${oneLine(data.name, 40)}${data.status === 'passed' ? '' : ` ${data.status.replaceAll('-', ' ')}`}`;
  });
  const newest = [...last.values()][0]?.at ?? '';
  const whole = `${clockText(newest)} ${text.join('  ')}`;
  return open ? paragraph(`checks         ${whole}`, width, 'plain', 5) : [shortRow('   checks', whole)];
}

/** One record as a line of a running report; null for what says nothing to people. */
export function recordText(record: AnyRecord, topic: string): string | null {
  const who = oneLine(record.actor.name, 40);
  const says = (text: string) => `${clockText(record.at)} ${oneLine(topic, 60)}: ${text}`;
  switch (record.kind) {
    case 'task.started':
      return says(`${oneLine(record.data.agent_type ?? who, 40)} starts ${oneLine(record.data.description ?? record.data.task)}`);
    case 'task.finished':
      return says(`${oneLine(record.data.task, 80)} ${record.data.status}`);
    case 'file.edited':
      return says(`${who} ${record.data.blob === null ? 'deleted' : 'edited'} ${oneLine(record.data.path)}`);
    case 'memory.stored':
      return says(`${who} stored ${oneLine(`${record.data.namespace}/${record.data.key}`)}`);
    case 'memory.deleted':
      return says(`${who} deleted ${oneLine(`${record.data.namespace}/${record.data.key}`)}`);
    case 'check.ran':
      return says(`check ${oneLine(record.data.name, 80)} ${record.data.status.replaceAll('-', ' ')}`);
    case 'closeout.rejected':
      return says(`${who} sent it back`);
    case 'closeout.prepared':
      return says('prepared for review');
    case 'session.abandoned':
      return says(`${who} gave it up`);
    case 'session.undone':
      return says(`${who} took the ${record.data.act === 'prepare' ? 'preparation' : 'closeout'} back`);
    default:
      return null;
  }
}
