/** Whether the process that left its mark still lives. A pid alone is not enough: pids are used again. Node built-ins only. */

import { readFileSync, readlinkSync } from 'node:fs';

/** A process as a lock file names it. `start` is null where the system has no /proc. */
export interface ProcessMark {
  pid: number;
  /** Start time in clock ticks since boot, as /proc/<pid>/stat says it. */
  start: string | null;
  /** Host and pid name space: another host, or a container, that shares the repository has its own numbers. */
  space: string;
}

/** State letter and start time of a process, or null where /proc does not show it. */
function stat(pid: number): { state: string; start: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name is in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return null;
  }
}

let space: string | undefined;

function ownSpace(): string {
  space ??= `${process.getBuiltinModule('node:os').hostname()} ${pidSpace()}`;
  return space;
}

function pidSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '-';
  }
}

/** The mark of a process of this machine; this one by default. */
export function markOf(pid = process.pid): ProcessMark {
  return { pid, start: stat(pid)?.start ?? null, space: ownSpace() };
}

/** `yes`, `no`, or `unknown` for a mark from another host or pid name space, whose numbers mean nothing here. A zombie is dead. */
export function lives(mark: ProcessMark): 'yes' | 'no' | 'unknown' {
  // Signalling 0 or less asks a whole group, which lives.
  if (!(mark.pid > 0)) return 'no';
  if (mark.space !== ownSpace()) return 'unknown';
  const now = stat(mark.pid);
  if (now) return now.state !== 'Z' && now.state !== 'X' && (mark.start === null || mark.start === now.start) ? 'yes' : 'no';
  try {
    process.kill(mark.pid, 0);
    return 'yes';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'yes' : 'no';
  }
}

/** The name of a running program, or null where /proc does not show it. */
export function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}
