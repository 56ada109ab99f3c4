/** Tasks as a fold of records: one agent's assignment from `task.started` to `task.finished`. Pure. */

import type { Actor, AnyRecord } from '../log/record.ts';

export interface Task {
  task: string;
  description: string | null;
  /** `type` as the task's start named it, else the name that an agent went by; `name` and `id` of whoever started it. */
  agent: { type: string | null; name: string; id: string | null };
  status: 'open' | 'completed' | 'failed' | 'cancelled';
  /** ISO time of the first start, or of the first record that names the task where no start was recorded. */
  started_at: string;
  finished_at: string | null;
  /** Paths edited under this task, each once, in the order of their first edit; a file that was adopted or promoted since, where it went. */
  files: string[];
  /** Recorded edits under this task. */
  edits: number;
  model: string | null;
  tokens: number | null;
  tool_calls: number | null;
  note: string | null;
}

/**
 * Tasks in the order of their start. `records` come sorted (as `mergeRecords` gives them).
 * `before`: the tasks of all earlier records. A start after the end opens the task again and keeps its first time; an end or an edit without a start makes the task known.
 */
export function foldTasks(records: readonly AnyRecord[], before: readonly Task[] = []): Task[] {
  const tasks = new Map<string, Task>(before.map((task) => [task.task, { ...task }]));
  const files = new Map<string, Set<string>>(before.map((task) => [task.task, new Set(task.files)]));
  const moved = (from: string, to: string) => {
    for (const [task, paths] of files) if (paths.has(from)) files.set(task, new Set([...paths].map((path) => (path === from ? to : path))));
  };
  const known = (id: string, record: AnyRecord): Task => {
    const task = tasks.get(id) ?? {
      task: id,
      description: null,
      agent: { type: typeOf(record.actor), name: record.actor.name, id: record.actor.id ?? null },
      status: 'open' as const,
      started_at: record.at,
      finished_at: null,
      files: [],
      edits: 0,
      model: null,
      tokens: null,
      tool_calls: null,
      note: null,
    };
    tasks.set(id, task);
    return task;
  };
  for (const record of records) {
    if (record.kind === 'task.started') {
      const task = known(record.data.task, record);
      task.description = record.data.description ?? task.description;
      task.agent = {
        type: record.data.agent_type ?? task.agent.type ?? typeOf(record.actor),
        name: record.actor.name,
        id: record.actor.id ?? task.agent.id,
      };
      task.status = 'open';
      task.finished_at = null;
    } else if (record.kind === 'task.finished') {
      const task = known(record.data.task, record);
      task.status = record.data.status;
      task.finished_at = record.at;
      task.model = record.data.model ?? task.model;
      task.tokens = record.data.tokens ?? task.tokens;
      task.tool_calls = record.data.tool_calls ?? task.tool_calls;
      task.note = record.data.note ?? task.note;
    } else if (record.kind === 'file.edited') {
      if (record.data.task !== null) {
        const task = known(record.data.task, record);
        task.edits++;
        const paths = files.get(task.task) ?? new Set();
        files.set(task.task, paths.add(record.data.path));
      }
      if (record.data.from !== undefined) moved(record.data.from, record.data.path);
    }
  }
  return [...tasks.values()].map((task) => ({ ...task, files: [...(files.get(task.task) ?? [])] }));
}

/** The open tasks that somebody may mean who names none: those of the agent, else those that nobody is known to be at. `agent` null: all. */
export function openTasksOf(tasks: readonly Task[], agent: Actor | null): Task[] {
  const open = tasks.filter((task) => task.status === 'open');
  if (agent === null) return open;
  const own = open.filter(({ agent: at }) =>
    agent.id !== undefined && at.id !== null ? at.id === agent.id : at.type === agent.name || at.name === agent.name,
  );
  return own.length > 0 ? own : open.filter(({ agent: at }) => at.type === null);
}

/** Ids of tasks without an agent: whoever opened them last is none, and nobody named a type. Without a start the first record of it counts. */
export function tasksWithoutAgent(records: readonly AnyRecord[], tasks: readonly Task[]): Set<string> {
  const openers = new Map<string, Actor>();
  for (const { kind, data, actor } of records) {
    if (kind === 'task.started') openers.set(data.task, actor);
    else if ((kind === 'task.finished' || kind === 'file.edited') && data.task !== null && !openers.has(data.task))
      openers.set(data.task, actor);
  }
  const isAgent = (actor: Actor | undefined) => actor?.kind === 'agent' || actor?.kind === 'subagent';
  return new Set(tasks.filter(({ task, agent }) => agent.type === null && !isAgent(openers.get(task))).map(({ task }) => task));
}

/** What an agent calls itself is its type where nobody named one; a person has none. */
function typeOf(actor: Actor): string | null {
  return actor.kind === 'agent' || actor.kind === 'subagent' ? actor.name : null;
}
